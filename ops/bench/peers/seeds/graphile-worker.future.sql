insert into graphile_worker._private_tasks (identifier) values ('noop') on conflict do nothing;
insert into graphile_worker._private_jobs (task_id, payload, run_at)
select t.id, json_build_object('i', i), now() + interval '1 day' + i * interval '1 second'
from graphile_worker._private_tasks t, generate_series(1, 200000) i where t.identifier = 'noop';
