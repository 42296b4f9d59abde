insert into apalis.jobs (job, id, job_type, status, attempts, max_attempts, run_at, priority)
select '\x30', 'future' || i, 'bench', 'Pending', 0, 25, now() + interval '1 day' + i * interval '1 second', 0
from generate_series(1, 200000) i;
