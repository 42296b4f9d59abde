-- Only functions came.
select 1;
