-- One that nobody has confirmed, and one that stands still in the middle.
insert into holdfast.bulk (verb, tenant, query, who, reason, total) values ('retry', 1, 'state:dead kind:send_reply', 'ada', 'the network is back', 1);
insert into holdfast.bulk (verb, query, who, reason, state, rate, total, done, ok, results, started_at, paused_at, chunk_at, chunk, speed, job)
  values ('cancel', 'kind:follow_up', 'grace', 'asked twice', 'paused', 50, 2, 1, 1, '{"cancelled": 1}', now(), now(), now(), 1, 50, 1);
insert into holdfast.bulk_item (bulk, number, job, kind, result, at)
  select b.id, n, n, 1, case when b.state = 'paused' and n = 1 then 'cancelled' end, case when b.state = 'paused' and n = 1 then now() end
  from holdfast.bulk b, generate_series(1, 2) n where n <= b.total;
