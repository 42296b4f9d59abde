-- A line about a job.
insert into holdfast.log_line (at, root, job, level, process, text) values (now(), 1, 1, 'warn', 'desk:17', 'attempt failed attempt=1 ending=failed');
