-- Only functions and an index came.
select 1;
