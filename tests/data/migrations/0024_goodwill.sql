-- Only a function came.
select 1;
