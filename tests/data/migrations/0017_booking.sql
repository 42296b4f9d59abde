-- Rows of it come with 0018_money.
select 1;
