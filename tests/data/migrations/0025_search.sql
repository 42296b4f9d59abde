-- Only indexes came.
select 1;
