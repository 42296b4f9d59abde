insert into apalis.jobs
  (job, id, job_type, status, attempts, max_attempts, run_at, last_result, lock_at, done_at, priority)
select '\x30', 'past' || i, 'bench', 'Done', 1, 25, ago, '{"Ok": null}', ago, ago, 0
from generate_series(1, 1000000) i, (select now() - interval '1 day' as ago) yesterday;
