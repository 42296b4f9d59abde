-- It deletes what has finished: its past is 1,000,000 jobs that failed for good.
insert into graphile_worker._private_tasks (identifier) values ('noop') on conflict do nothing;
insert into graphile_worker._private_jobs
  (task_id, payload, run_at, attempts, max_attempts, last_error, created_at, updated_at)
select t.id, json_build_object('i', i), now() - interval '1 day', 25, 25, 'boom', now() - interval '1 day', now() - interval '1 day'
from graphile_worker._private_tasks t, generate_series(1, 1000000) i where t.identifier = 'noop';
