-- What a job may have to wait for when its time has come: those before it in its lane, and gates (limits, breakers, pauses).

-- ---------------------------------------------------------------- lanes

-- Locks the rows of these lanes, making the missing ones, one after the other in their order: a row that is deleted while
-- we wait for it is made again before the next one is touched. Returns the lanes that nobody held.
create function holdfast.lock_lanes(lanes bigint[]) returns bigint[] language plpgsql as $$
begin
  -- What exists is locked and left as it is.
  insert into holdfast.lane as x (lane) select distinct l from unnest(lanes) l order by l
    on conflict on constraint lane_pkey do update set holder = x.holder where false;
  return array(select k.lane from holdfast.lane k where k.lane = any(lanes) and k.holder is null);
end $$;

-- For locked lanes without a holder: the first waiting job takes the lane. A lane where none waits, or where an
-- earlier job is still on its way to a worker, is let go; that job will take up those who wait.
create function holdfast.advance_lanes(lanes bigint[]) returns setof holdfast.ready language plpgsql as $$
begin
  return query
    with head as (
      select b.row from unnest(lanes) l
      -- One whose row is locked is just being cancelled.
      cross join lateral (select w.ctid as row, w.id from holdfast.blocked w where w.lane = l order by w.id limit 1 for update skip locked) b
      where not coalesce((select true from holdfast.ready r where r.lane = l and r.id < b.id limit 1), false)
    ), gone as (
      delete from holdfast.blocked b where b.ctid = any(array(select h.row from head h)) returning b.*
    ), held as (
      update holdfast.lane l set holder = g.id from gone g where l.lane = g.lane
    ), let_go as (
      delete from holdfast.lane l where l.lane = any(lanes) and l.lane not in (select g.lane from gone g)
    )
    select g.id, g.kind, g.priority, g.attempts, g.losses, g.lane, true, g.tenant, g.id from gone g;
end $$;

-- The jobs that take these lanes over from those who held them.
create function holdfast.release_lanes(lanes bigint[]) returns setof holdfast.ready language plpgsql as $$
begin
  perform from holdfast.lane l where l.lane = any(lanes) order by l.lane for update;
  return query select a.* from holdfast.advance_lanes(array(select distinct l from unnest(lanes) l)) a;
end $$;

-- Lets go of a lane that a dead job keeps (policy: a dead head parks its lane). Returns whether it did.
create function holdfast.unpark_lane(lane text) returns boolean language plpgsql as $$
#variable_conflict use_variable
declare
  hash bigint := holdfast.lane_hash(lane);
begin
  perform from holdfast.lane l where l.lane = hash for update;
  if not exists (select from holdfast.lane l join holdfast.done d on d.id = l.holder where l.lane = hash) then return false; end if;
  insert into holdfast.ready select r.* from holdfast.release_lanes(array[hash]) r;
  perform pg_notify('holdfast', '');
  return true;
end $$;

-- ---------------------------------------------------------------- gates

create function holdfast.gate_id(rule text, tenant bigint, key text) returns bigint language sql immutable
return hashtextextended(rule || ' ' || tenant || ' ' || key, 17);

create function holdfast.pause_gate(kind smallint, tenant bigint) returns bigint language sql immutable
return holdfast.gate_id('*pause', tenant, kind::text);

-- Every gate that a job has to pass: pauses first.
create function holdfast.gates_of(kind smallint, tenant bigint, limit_key text)
returns table (gate bigint, what text, rule text, gate_tenant bigint, gate_key text) language sql stable as $$
  select holdfast.pause_gate(p.kind, p.tenant), 'pause', '*pause', p.tenant, p.kind::text
    from holdfast.pause p where p.kind in (0, gates_of.kind) and p.tenant in (-1, gates_of.tenant)
  union all
  select holdfast.gate_id(b.name, b.tenant, '*breaker'), 'breaker', b.name, b.tenant, '*breaker'
    from holdfast.kind k cross join lateral (values (k.breaker, -1::bigint), (k.breaker, gates_of.tenant)) b(name, tenant)
    where k.id = gates_of.kind and k.breaker is not null
  union all
  select holdfast.gate_id(l.name, s.tenant, s.key), 'limit', l.name, s.tenant, s.key
    from holdfast.kind k join holdfast.limit_rule l on l.name = any(k.limits)
    cross join lateral (select case when l.scope = 'all' then -1 else gates_of.tenant end as tenant,
                               case when l.scope = 'key' then coalesce(gates_of.limit_key, '') else '' end as key) s
    where k.id = gates_of.kind
$$;

-- A bucket holds 1 + 4 % of the rate and gets 96 % of the rate in each `per`: together less than rate + 1 in any window
-- of that length, so that none sees more than `rate` starts. The 4 % are what a late look may miss without loss.
create function holdfast.burst(rate integer) returns double precision language sql immutable
return 1 + rate * 0.04;

create function holdfast.tokens(tokens double precision, filled_at timestamptz, rate integer, per interval) returns double precision language sql stable
return least(holdfast.burst(rate), coalesce(tokens + rate * 0.96 * extract(epoch from clock_timestamp() - filled_at) / extract(epoch from per),
                                            holdfast.burst(rate)));

-- How many jobs may pass a gate now, whose row the caller has locked. Null: any number.
create function holdfast.room(gate bigint) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  room bigint;
begin
  select least(l.running - (select count(*) from holdfast.slot s where s.gate = gate),
               floor(holdfast.tokens(g.tokens, g.filled_at, l.rate, l.per))) into room
    from holdfast.gate g join holdfast.limit_rule l on l.name = g.rule where g.id = gate;
  if found then return room; end if;
  select case b.state
           when 'open' then 0
           when 'half_open' then r.probes - (select count(*) from holdfast.slot s where s.gate = gate)
           -- Slow start: twice as many each second.
           when 'recovering' then r.probes * (2 ^ least(20, 1 + floor(extract(epoch from clock_timestamp() - b.since))))::bigint
                                  - (select count(*) from holdfast.slot s where s.gate = gate)
         end into room
    from holdfast.breaker b join holdfast.breaker_rule r on r.name = b.rule where b.id = gate;
  if found then return room; end if;
  if exists (select from holdfast.pause p where holdfast.pause_gate(p.kind, p.tenant) = gate) then return 0; end if;
  return null;
end $$;

-- Whether a job comes too late to run: it may pass, so that it can be ended.
create function holdfast.is_late(kind smallint, id bigint, rank bigint, attempts smallint, losses smallint) returns boolean language sql stable as $$
  select is_late.id < holdfast.id_at(clock_timestamp() - k.deadline)
         -- Who started before did so in time.
         or is_late.attempts = 0 and is_late.losses = 0 and is_late.rank < holdfast.id_at(clock_timestamp() - k.queue_wait)
  from holdfast.kind k where k.id = is_late.kind and coalesce(k.deadline, k.queue_wait) is not null
$$;

-- Returns those of these jobs that may start, having counted them at their gates; the others are held.
create function holdfast.pass(jobs holdfast.ready[]) returns setof holdfast.ready language plpgsql as $$
declare
  wants bigint[];   -- gates, in their order; wants_of tells whose
  wants_of integer[];
  gates bigint[];
  rooms bigint[];
  counts boolean[];
  job holdfast.ready;
  n integer := 0;
  at integer := 1;
  first integer;
  g integer;
  closed bigint;
begin
  with asked as materialized (
    select j.n, w.* from unnest(jobs) with ordinality j(id, kind, priority, attempts, losses, lane, holds_lane, tenant, rank, n)
    cross join lateral (select y.limit_key from holdfast.job y where y.id = j.id limit 1) x, lateral holdfast.gates_of(j.kind, j.tenant, x.limit_key) w
    where holdfast.is_late(j.kind, j.id, j.rank, j.attempts, j.losses) is not true
  ), made as (
    insert into holdfast.gate (id, rule, tenant, key) select distinct a.gate, a.rule, a.gate_tenant, a.gate_key from asked a
      where a.what = 'limit' and not exists (select from holdfast.gate g where g.id = a.gate) order by a.gate on conflict do nothing
  )
  select array_agg(a.gate order by a.n), array_agg(a.n::integer order by a.n) into wants, wants_of from asked a
    where a.what <> 'breaker' or exists (select from holdfast.breaker b where b.id = a.gate and b.state <> 'closed');
  perform from holdfast.gate g where g.id = any(wants) order by g.id for update;
  perform from holdfast.breaker b where b.id = any(wants) order by b.id for update;
  select array_agg(w.gate), array_agg(coalesce(holdfast.room(w.gate), 1000000)), array_agg(
      exists (select from holdfast.gate g join holdfast.limit_rule l on l.name = g.rule where g.id = w.gate and l.running is not null)
      or exists (select from holdfast.breaker b where b.id = w.gate and b.state in ('half_open', 'recovering')))
    into gates, rooms, counts from (select distinct u as gate from unnest(wants) u) w;
  foreach job in array jobs loop
    n := n + 1;
    first := at;
    closed := null;
    while at <= coalesce(cardinality(wants), 0) and wants_of[at] = n loop
      if closed is null and rooms[array_position(gates, wants[at])] <= 0 then closed := wants[at]; end if;
      at := at + 1;
    end loop;
    if closed is not null then
      insert into holdfast.held (gate, priority, rank, id, kind, tenant, attempts, losses, lane, holds_lane)
        values (closed, job.priority, job.rank, job.id, job.kind, job.tenant, job.attempts, job.losses, job.lane, job.holds_lane);
    else
      for i in first .. at - 1 loop
        g := array_position(gates, wants[i]);
        rooms[g] := rooms[g] - 1;
        if counts[g] then insert into holdfast.slot (gate, job) values (wants[i], job.id) on conflict do nothing; end if;
        update holdfast.gate x set tokens = holdfast.tokens(x.tokens, x.filled_at, l.rate, l.per) - 1, filled_at = clock_timestamp()
          from holdfast.limit_rule l where x.id = wants[i] and l.name = x.rule and l.rate is not null;
      end loop;
      return next job;
    end if;
  end loop;
end $$;

-- Lets waiting jobs through a gate, as many as there seems to be room for. Returns how many. It takes no lock: `pass` counts
-- them, and holds those back that came too many.
create function holdfast.admit(gate bigint) returns integer language plpgsql as $$
#variable_conflict use_variable
declare
  moved integer;
  most bigint;
begin
  if not exists (select from holdfast.held h where h.gate = gate) then return 0; end if;
  most := least(coalesce(holdfast.room(gate), 1000), 1000);
  if most <= 0 then return 0; end if;
  with gone as (
    delete from holdfast.held h where h.ctid = any(array(
      select x.ctid from holdfast.held x where x.gate = gate order by x.priority, x.rank, x.id limit most for update skip locked))
    returning h.*
  )
  insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
    select g.id, g.rank, g.tenant, g.kind, g.priority, g.attempts, g.losses, g.lane, g.holds_lane from gone g;
  get diagnostics moved = row_count;
  return moved;
end $$;

-- These jobs run no longer: who waits at their gates may. Returns whether anybody did. A breaker that is half open counts
-- its probes until it has decided, ended or not.
create function holdfast.leave_gates(jobs bigint[]) returns boolean language plpgsql as $$
declare
  left_gates bigint[];
  moved integer;
begin
  if not exists (select from holdfast.slot) then return false; end if;
  with gone as (
    delete from holdfast.slot s where s.job = any(jobs)
      and not exists (select from holdfast.breaker b where b.id = s.gate and b.state = 'half_open') returning s.gate
  )
  select array_agg(distinct g.gate) into left_gates from gone g;
  if left_gates is null then return false; end if;
  select sum(holdfast.admit(g)) into moved from unnest(left_gates) g;
  return moved > 0;
end $$;

-- Looks after what opens by itself: buckets fill, breakers try again, pauses end. One process at a time does it.
-- `busy` asks to come back soon; `not_closed` names the breakers behind which nothing may start unseen.
create function holdfast.tend(out moved integer, out busy boolean, out not_closed text[]) language plpgsql as $$
declare
  -- Where it starts among the gates: not always with the same ones.
  start bigint := hashtextextended(random()::text, 0);
  g bigint := start;
  turned boolean := false;
  changed bigint[];
begin
  moved := 0;
  not_closed := array(select distinct b.rule from holdfast.breaker b where b.state <> 'closed');
  busy := exists (select from holdfast.held);
  if not busy and not_closed = '{}' then return; end if;
  if not pg_try_advisory_xact_lock(hashtextextended('holdfast.tend', 0)) then return; end if;
  with due as (
    select b.id from holdfast.breaker b where (b.state = 'open' and b.until <= clock_timestamp())
        or (b.state = 'recovering' and b.since < clock_timestamp() - interval '5 s' and not exists (select from holdfast.held h where h.gate = b.id))
      order by b.id for update skip locked
  ), turned as (
    update holdfast.breaker b set state = case b.state when 'open' then 'half_open' else 'closed' end, since = clock_timestamp(),
        until = case when b.state <> 'open' and b.until > clock_timestamp() then b.until end,
        forced_by = case when b.state <> 'open' and b.until > clock_timestamp() then b.forced_by end,
        reason = case when b.state = 'open' or b.until > clock_timestamp() then b.reason end,
        opened = case b.state when 'open' then b.opened else 0 end, failures = 0, successes = 0, window_at = clock_timestamp()
      from due d where b.id = d.id returning b.id
  )
  select array_agg(t.id) into changed from turned t;
  delete from holdfast.slot s where s.gate = any(changed);
  -- Probes that ended without telling anything.
  delete from holdfast.slot s using holdfast.breaker b join holdfast.breaker_rule r on r.name = b.rule
    where b.id = s.gate and b.state = 'half_open' and b.since < clock_timestamp() - r.wait
      and not exists (select from holdfast.claim c where s.job = any(c.ids));
  if exists (select from holdfast.kind k where coalesce(k.deadline, k.queue_wait) is not null) then
    with late as (
      delete from holdfast.held h where h.ctid = any(array(
        select x.ctid from holdfast.held x join holdfast.kind k on k.id = x.kind
        where x.id < holdfast.id_at(clock_timestamp() - k.deadline)
           or x.attempts = 0 and x.losses = 0 and x.rank < holdfast.id_at(clock_timestamp() - k.queue_wait)
        limit 1000 for update of x skip locked))
      returning h.*
    )
    insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
      select l.id, l.rank, l.tenant, l.kind, l.priority, l.attempts, l.losses, l.lane, l.holds_lane from late l;
    get diagnostics moved = row_count;
  end if;
  -- From gate to gate, however many wait at each.
  for looks in 1 .. 256 loop
    select min(h.gate) into g from holdfast.held h where h.gate > g;
    if g is null and not turned then
      turned := true;
      select min(h.gate) into g from holdfast.held h;
    end if;
    exit when g is null or turned and g > start;
    moved := moved + holdfast.admit(g);
  end loop;
  not_closed := array(select distinct b.rule from holdfast.breaker b where b.state <> 'closed');
end $$;

-- What processes saw of a dependency since their last report: for all (tenant -1) and for one tenant.
create function holdfast.report(rules text[], tenants bigint[], successes integer[], failures integer[]) returns boolean language plpgsql as $$
declare
  seen record;
  b holdfast.breaker;
  r holdfast.breaker_rule;
  changed boolean := false;
begin
  for seen in select x.rule, x.tenant, x.ok, x.failed, holdfast.gate_id(x.rule, x.tenant, '*breaker') as gate
              from unnest(rules, tenants, successes, failures) x(rule, tenant, ok, failed) order by 5 loop
    select * into r from holdfast.breaker_rule x where x.name = seen.rule;
    continue when not found;
    if seen.failed > 0 then
      insert into holdfast.breaker (id, rule, tenant) values (seen.gate, seen.rule, seen.tenant) on conflict do nothing;
    end if;
    select * into b from holdfast.breaker x where x.id = seen.gate and (x.state <> 'closed' or x.failures > 0 or seen.failed > 0) for update;
    -- Nor does it count what happens while it is closed by hand.
    continue when not found or b.state = 'open' or b.until > clock_timestamp();
    if b.state = 'closed' and b.window_at < clock_timestamp() - r.within then
      b.failures := 0; b.successes := 0; b.window_at := clock_timestamp();
    end if;
    b.failures := b.failures + seen.failed;
    b.successes := b.successes + seen.ok;
    if (b.state = 'half_open' and b.failures > 0) or (b.state <> 'half_open' and b.failures >= r.failures and b.failures >= b.successes) then
      b.until := clock_timestamp() + least(r.wait_max, r.wait * 2 ^ least(b.opened, 16));
      b.state := 'open'; b.since := clock_timestamp(); b.opened := b.opened + 1;
      b.reason := format('%s failed and %s succeeded', b.failures, b.successes);
      b.failures := 0; b.successes := 0;
      changed := true;
      delete from holdfast.slot s where s.gate = b.id;
    elsif b.state = 'half_open' and b.successes >= r.probes then
      b.state := 'recovering'; b.since := clock_timestamp(); b.failures := 0; b.successes := 0;
      changed := true;
      delete from holdfast.slot s where s.gate = b.id;
    end if;
    update holdfast.breaker x set state = b.state, since = b.since, until = b.until, opened = b.opened, reason = b.reason,
        failures = b.failures, successes = b.successes, window_at = b.window_at where x.id = b.id;
  end loop;
  return changed;
end $$;

-- Opens or closes a breaker by hand, for so long; then it decides for itself again.
create function holdfast.force_breaker(rule text, tenant bigint, open boolean, reason text, by text, length interval) returns void language plpgsql as $$
#variable_conflict use_variable
declare
  gate bigint := holdfast.gate_id(rule, tenant, '*breaker');
begin
  if not exists (select from holdfast.breaker_rule r where r.name = rule) then
    raise exception 'breaker "%" is not known', rule using errcode = 'invalid_parameter_value', hint = 'Breakers are named in the policies of job types.';
  end if;
  insert into holdfast.breaker (id, rule, tenant) values (gate, rule, tenant) on conflict do nothing;
  if open then
    update holdfast.breaker b set state = 'open', since = clock_timestamp(), until = clock_timestamp() + length, reason = reason, forced_by = by
      where b.id = gate;
  else
    update holdfast.breaker b
      set state = case b.state when 'closed' then 'closed' else 'recovering' end, since = clock_timestamp(), until = clock_timestamp() + length,
          reason = reason, forced_by = by, failures = 0, successes = 0
      where b.id = gate;
  end if;
  delete from holdfast.slot s where s.gate = gate;
  if not open then perform holdfast.admit(gate); end if;
  perform pg_notify('holdfast', '');
end $$;

-- The other side asked for silence: the buckets that this job passed stay empty until then.
create function holdfast.slow_down(job bigint, wait interval) returns void language sql as $$
  with passed as materialized (
    select g.id from holdfast.gate g
    where g.id = any(array(select w.gate from holdfast.job j, lateral holdfast.gates_of(j.kind, j.tenant, j.limit_key) w join holdfast.limit_rule l on l.name = w.rule
                           where j.id = slow_down.job and w.what = 'limit' and l.rate is not null))
    order by g.id for update
  )
  update holdfast.gate g set tokens = 0, filled_at = greatest(g.filled_at, clock_timestamp() + wait) from passed p where g.id = p.id
$$;

create function holdfast.set_limit(name text, running integer, rate integer, per interval, by text, reason text) returns boolean language plpgsql as $$
#variable_conflict use_variable
begin
  update holdfast.limit_rule l set running = running, rate = rate, per = per, changed_by = by, reason = reason, changed_at = clock_timestamp() where l.name = name;
  if not found then return false; end if;
  perform pg_notify('holdfast', '');
  return true;
end $$;

create function holdfast.pause(kind text, tenant bigint, reason text, by text) returns void language plpgsql as $$
#variable_conflict use_variable
declare
  kind_id smallint := 0;
begin
  if kind is not null then
    select k.id into kind_id from holdfast.kind k where k.name = kind;
    if not found then
      raise exception 'kind "%" is not known', kind using errcode = 'invalid_parameter_value', hint = 'holdfast jobs list shows the kinds.';
    end if;
  end if;
  insert into holdfast.pause (kind, tenant, reason, by) values (kind_id, coalesce(tenant, -1), reason, by)
    on conflict on constraint pause_pkey do update set reason = excluded.reason, by = excluded.by, at = excluded.at;
end $$;

-- Returns whether it was paused.
create function holdfast.resume(kind text, tenant bigint) returns boolean language plpgsql as $$
#variable_conflict use_variable
begin
  delete from holdfast.pause p where p.kind = coalesce((select k.id from holdfast.kind k where k.name = kind), 0) and p.tenant = coalesce(tenant, -1);
  if not found then return false; end if;
  perform pg_notify('holdfast', '');
  return true;
end $$;
