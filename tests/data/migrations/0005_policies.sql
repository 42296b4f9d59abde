-- One of everything that the protocol after it finds: a job at a gate, a tenant with a share, a pause.
insert into holdfast.share (tenant, weight) values (1, 3);
insert into holdfast.limit_rule (name, scope, running) values ('calls', 'tenant', 0);
insert into holdfast.breaker_rule (name, failures, within, wait, wait_max, probes) values ('upstream', 3, '10 s', '5 s', '5 min', 2);
with moved as (delete from holdfast.ready where ctid in (select ctid from holdfast.ready order by id desc limit 1) returning *)
  insert into holdfast.held (gate, priority, rank, id, kind, tenant, attempts, losses, lane, holds_lane)
    select 17, priority, rank, id, kind, tenant, attempts, losses, lane, holds_lane from moved;
