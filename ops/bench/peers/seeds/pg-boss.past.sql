insert into pgboss.job
  (name, data, state, start_after, created_on, started_on, completed_on, keep_until, policy)
select 'noop', jsonb_build_object('i', i), 'completed', ago, ago, ago, ago, now() + interval '13 days', 'standard'
from generate_series(1, 1000000) i, (select now() - interval '1 day' as ago) yesterday;
