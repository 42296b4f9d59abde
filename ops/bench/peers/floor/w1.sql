-- One round of a worker in hand-written SQL: 500 jobs are claimed, then moved to the history. Two commits.
with next as (
  select id from queue where not claimed order by id limit 500 for update skip locked),
claimed as (
  update queue set claimed = true from next where queue.id = next.id returning queue.id)
select coalesce(array_agg(id), '{}') as ids from claimed \gset
with ended as (
  delete from queue where id = any ((:ids)::bigint[]) returning id, payload)
insert into history select id, now(), payload from ended;
