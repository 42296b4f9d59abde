-- What dead workers leave; what workers declare when they start; and where to look.

-- ---------------------------------------------------------------- rescue

-- Runs again what one claim left, whose worker is dead or never heard of it. Returns how many jobs.
create function holdfast.rescue_claim(claim_id bigint, why text) returns integer language plpgsql as $$
declare
  c holdfast.claim;
  rescued integer;
begin
  -- A completion that is just being committed holds this lock: the next look sees what it did.
  select * into c from holdfast.claim x where x.id = claim_id for update skip locked;
  if not found then return 0; end if;
  with lost as (
    select l.id, l.attempts, l.losses from unnest(c.ids, c.attempts, c.losses) l(id, attempts, losses)
    where l.id <> 0 and (select d.id from holdfast.done d where d.id = l.id limit 1) is null
  ), noted as (
    insert into holdfast.attempt (id, number, started_at, worker, ending, error)
      select l.id, l.attempts + 1, c.at, c.worker, 'lost', why from lost l
  ), first as (
    insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
      select j.id, j.id, j.tenant, j.kind, j.priority, l.attempts, 1, holdfast.lane_hash(j.lane), j.lane is not null
      from lost l join holdfast.job j on j.id = l.id where l.losses = 0
      returning id
  ), suspects as (
    -- One of those that lose worker after worker together may be what kills them: apart from each other it shows which.
    insert into holdfast.later (id, run_at, tenant, kind, priority, attempts, losses, lane, holds_lane)
      select j.id, clock_timestamp() + random() * least(16, 2 ^ l.losses) * interval '1 s', j.tenant, j.kind, j.priority, l.attempts, l.losses + 1,
             holdfast.lane_hash(j.lane), j.lane is not null
      from lost l join holdfast.job j on j.id = l.id where l.losses > 0
      returning id
  )
  select (select count(*) from first) + (select count(*) from suspects) into rescued;
  delete from holdfast.claim x where x.id = claim_id;
  perform holdfast.leave_gates(c.ids);
  return rescued;
end $$;

-- Runs again what one dead worker left. Dead: no beat for `silent`, or no beat for `gone` and its connection (which holds
-- an advisory lock under its id) is closed; or not registered any more. Call it until it returns 0.
create function holdfast.rescue(silent interval, gone interval) returns integer language plpgsql as $$
declare
  w bigint;
  total integer;
begin
  select k.id into w from holdfast.worker k
    where k.beat_at < clock_timestamp() - silent
       -- After the clock went back, beats come from the future.
       or (k.beat_at not between clock_timestamp() - gone and clock_timestamp() + gone
           and not exists (select from pg_locks p where p.locktype = 'advisory' and p.database = (select d.oid from pg_database d where d.datname = current_database())
                           and p.classid = 1213156420 and p.objid = (k.id % 2147483648)::oid))
    order by k.id limit 1 for update skip locked;
  if w is null then
    select c.worker into w from holdfast.claim c where not exists (select from holdfast.worker k where k.id = c.worker) limit 1;
    if w is null then return 0; end if;
  end if;
  total := coalesce((select sum(holdfast.rescue_claim(x.id, 'the worker died'))
                     from (select c.id from holdfast.claim c where c.worker = w order by c.id limit 100) x), 0);
  -- A claim that is just being settled keeps the worker on the list.
  delete from holdfast.worker k where k.id = w and not exists (select from holdfast.claim c where c.worker = w);
  return total;
end $$;

-- A claim whose answer was lost on its way to a living worker: nobody else would ever run its jobs.
create function holdfast.disown(worker bigint, known bigint[], older interval) returns integer language sql as $$
  select coalesce(sum(holdfast.rescue_claim(x.id, 'the worker never got it')), 0)::integer
  from (select c.id from holdfast.claim c
        where c.worker = disown.worker and c.id <> all(known) and c.at < clock_timestamp() - older order by c.id) x
$$;

-- ---------------------------------------------------------------- declarations

-- Keeps what workers declare of their job types; numbers that somebody changed by hand stand.
create function holdfast.declare(policies json) returns void language plpgsql as $$
begin
  insert into holdfast.limit_rule as l (name, scope, running, rate, per)
    select distinct on (x.name) x.name, x.scope, x.running, x.rate, make_interval(secs => x.per_ms / 1000.0)
    from json_to_recordset(policies -> 'limits') x(name text, scope text, running integer, rate integer, per_ms double precision) order by x.name
    on conflict on constraint limit_rule_pkey do update set scope = excluded.scope, running = excluded.running, rate = excluded.rate, per = excluded.per
      where l.changed_by is null and (l.scope, l.running, l.rate, l.per) is distinct from (excluded.scope, excluded.running, excluded.rate, excluded.per);
  insert into holdfast.breaker_rule as b (name, failures, within, wait, wait_max, probes)
    select distinct on (x.name) x.name, x.failures, make_interval(secs => x.within_ms / 1000.0), make_interval(secs => x.wait_ms / 1000.0),
           make_interval(secs => x.wait_max_ms / 1000.0), x.probes
    from json_to_recordset(policies -> 'breakers') x(name text, failures integer, within_ms double precision, wait_ms double precision, wait_max_ms double precision, probes integer)
    order by x.name
    on conflict on constraint breaker_rule_pkey do update
      set failures = excluded.failures, within = excluded.within, wait = excluded.wait, wait_max = excluded.wait_max, probes = excluded.probes
      where (b.failures, b.within, b.wait, b.wait_max, b.probes) is distinct from (excluded.failures, excluded.within, excluded.wait, excluded.wait_max, excluded.probes);
  update holdfast.kind k set priority = x.priority, unique_for = make_interval(secs => x.unique_for_ms / 1000.0),
      debounce_wait = make_interval(secs => x.debounce_wait_ms / 1000.0), debounce_max = make_interval(secs => x.debounce_max_ms / 1000.0),
      limits = array(select l from json_array_elements_text(x.limits) l), breaker = x.breaker,
      queue_wait = make_interval(secs => x.queue_wait_ms / 1000.0), deadline = make_interval(secs => x.deadline_ms / 1000.0)
    from json_to_recordset(policies -> 'kinds') x(name text, priority smallint, unique_for_ms double precision, debounce_wait_ms double precision,
                                                  debounce_max_ms double precision, limits json, breaker text, queue_wait_ms double precision,
                                                  deadline_ms double precision)
    where k.name = x.name
      and (k.priority, k.unique_for, k.debounce_wait, k.debounce_max, k.limits, k.breaker, k.queue_wait, k.deadline) is distinct from
          (x.priority, make_interval(secs => x.unique_for_ms / 1000.0), make_interval(secs => x.debounce_wait_ms / 1000.0),
           make_interval(secs => x.debounce_max_ms / 1000.0), array(select l from json_array_elements_text(x.limits) l), x.breaker,
           make_interval(secs => x.queue_wait_ms / 1000.0), make_interval(secs => x.deadline_ms / 1000.0));
end $$;

-- Their statements are short, whatever the planner thinks of sets whose size it cannot know: compiling one takes a second,
-- each time.
alter function holdfast.put_many set jit = off;
alter function holdfast.tend set jit = off;
alter function holdfast.report set jit = off;
alter function holdfast.cancel set jit = off;
alter function holdfast.retry set jit = off;
alter function holdfast.fork set jit = off;
alter function holdfast.rescue set jit = off;
alter function holdfast.age set jit = off;

-- ---------------------------------------------------------------- looking

create view holdfast.job_state as
  select j.id, k.name as kind, j.tenant, j.root, j.parent, j.step, j.key, j.lane, j.priority, j.created_at, j.forked_from, j.trace,
         case when d.id is not null then (array['completed', 'dead', 'cancelled'])[d.outcome + 1]
              when exists (select from holdfast.blocked b where b.lane = holdfast.lane_hash(j.lane) and b.id = j.id) then 'blocked'
              when exists (select from holdfast.held h where h.id = j.id) then 'held'
              when l.id is not null then case when l.wakeable then 'waiting' when l.attempts > 0 then 'retrying' else 'scheduled' end
              when exists (select from holdfast.claim c where j.id = any(c.ids)) then 'running'
              else 'ready' end as state,
         l.run_at, d.attempts, d.started_at, d.finished_at, d.output, j.payload
  from holdfast.job j
  join holdfast.kind k on k.id = j.kind
  left join holdfast.later l on l.id = j.id
  left join holdfast.done d on d.id = j.id;

create view holdfast.unserved as
  select k.name as kind from holdfast.kind k
  where exists (select from holdfast.ready r where r.kind = k.id)
    and not exists (select from holdfast.worker w where k.id = any(w.kinds) and not w.draining and w.beat_at > clock_timestamp() - interval '8 s');
comment on view holdfast.unserved is 'Kinds with jobs that could start, and no living worker runs them.';

grant select on holdfast.job_state, holdfast.unserved to holdfast_app;
grant execute on all functions in schema holdfast to holdfast_app;
