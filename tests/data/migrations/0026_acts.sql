-- Somebody replaced the arguments of a job before it ran again, and workers have counted what they did.
insert into holdfast.revision (job, number, payload, by) select j.id, 1, '{"former":true}', 'Ada' from holdfast.job j order by j.id limit 1;
insert into holdfast.tally (minute, kind, worker, completed, failed, dead, snoozed, run_ms, wait_ms)
  select date_trunc('minute', now()) - m * interval '1 minute', k.id, 1, 60, 2, 1, 1, 640, 128
  from (select id from holdfast.kind order by id limit 1) k, unnest(array[0, 1, 2000]) m;
