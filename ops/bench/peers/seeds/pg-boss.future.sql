insert into pgboss.job (name, data, state, start_after, keep_until, policy)
select 'noop', jsonb_build_object('i', i), 'created', now() + interval '1 day' + i * interval '1 second',
  now() + interval '30 days', 'standard'
from generate_series(1, 200000) i;
