-- A job of long ago that has ended, one that nobody made a week for, and one whose arguments somebody had erased.
insert into holdfast.job (id, kind, tenant, root, payload)
  select holdfast.id_at(now() - w.age), k.id, 1, holdfast.id_at(now() - w.age), '{}'
  from (select id from holdfast.kind order by id limit 1) k, (values (interval '200 days'), (interval '300 days')) w(age);
insert into holdfast.done (id, finished_at, started_at, outcome, attempts, kind, tenant)
  select j.id, now() - interval '200 days', now() - interval '200 days', 0, 1, j.kind, 1 from holdfast.job j where j.id = holdfast.id_at(now() - interval '200 days');
insert into holdfast.later (id, run_at, tenant, kind, priority)
  select j.id, now() + interval '1 day', 1, j.kind, 0 from holdfast.job j where j.id = holdfast.id_at(now() - interval '300 days');
select holdfast.roll();
select holdfast.erase(array[holdfast.id_at(now() - interval '200 days')]);
