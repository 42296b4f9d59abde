-- How jobs move between the tables: put in, claim, settle, lay aside, rescue. Takes the place of all functions of
-- `0001_engine.sql` and `0003_protocol.sql` but those on ids, partitions and kinds.
-- The hottest functions plan once, and by index: planning costs more than they do, and a plan that was made while the
-- tables were empty would read them whole when they are full. Joins with tables that grow are `lateral … limit 1` for the
-- same reason: nothing can make a hash join of them. Without jit, which such settings call up for nothing.
-- Locks are always taken in this order: claim, lane, gate, breaker, advisory lock of a workflow.

drop view holdfast.job_state;
drop function holdfast.enqueue, holdfast.enqueue_many, holdfast.promote, holdfast.lock_lanes, holdfast.advance_lanes, holdfast.release_lanes,
  holdfast.claim, holdfast.wake, holdfast.finish, holdfast.give_back, holdfast.postpone, holdfast.start_step, holdfast.start_steps,
  holdfast.receive, holdfast.park, holdfast.signal, holdfast.rescue_claim, holdfast.rescue, holdfast.disown;

alter table holdfast.worker add column kinds smallint[] not null default '{}';

-- The version of these functions: a worker starts only with one that it knows.
create function holdfast.protocol() returns integer language sql immutable return 6;

create function holdfast.rank_at(at timestamptz, id bigint) returns bigint language sql immutable
return holdfast.id_at(greatest(at, '1970-01-01Z')) | (id & 1048575);

create function holdfast.is_open(job bigint) returns boolean language sql stable
return exists (select from holdfast.job j where j.id = is_open.job) and not exists (select from holdfast.done d where d.id = is_open.job);

-- ---------------------------------------------------------------- putting in

-- One job, on the caller's transaction. `duplicate` tells that the id is an earlier job's. A key is held until its time
-- is over and its job has ended, whichever comes last.
create function holdfast.put(
  kind smallint, payload json, tenant bigint, key text, lane text, priority smallint, run_at timestamptz, unique_for interval,
  debounce_wait interval, debounce_max interval, limit_key text, trace text, parent bigint, step text, root bigint,
  out id bigint, out duplicate boolean
) language plpgsql as $$
#variable_conflict use_variable
declare
  existing bigint;
  started timestamptz;
  ends timestamptz;
  n integer;
begin
  id := holdfast.next_id();
  duplicate := false;
  if debounce_wait is not null then
    insert into holdfast.debounce as d (tenant, kind, key, job, first_at)
      values (tenant, kind, key, id, clock_timestamp())
      on conflict on constraint debounce_pkey do update set merged = d.merged + 1
      returning d.job, d.first_at, d.merged into existing, started, n;
    if existing <> id then
      update holdfast.later l
        set run_at = greatest(l.run_at, least(started + debounce_max, clock_timestamp() + debounce_wait))
        where l.id = existing;
      insert into holdfast.merged (job, number, payload) values (existing, n, payload);
      id := existing; duplicate := true;
      return;
    end if;
    run_at := clock_timestamp() + debounce_wait;
  elsif key <> '' then
    loop
      insert into holdfast.uniq as u (tenant, kind, key, job, expires_at)
        values (tenant, kind, key, id, clock_timestamp() + unique_for)
        on conflict on constraint uniq_pkey do nothing returning u.job into existing;
      exit when found;
      select u.job, u.expires_at into existing, ends from holdfast.uniq u where u.tenant = tenant and u.kind = kind and u.key = key;
      continue when not found;
      if ends > clock_timestamp() or holdfast.is_open(existing) then
        id := existing; duplicate := true;
        return;
      end if;
      update holdfast.uniq u set job = id, expires_at = clock_timestamp() + unique_for
        where u.tenant = tenant and u.kind = kind and u.key = key and u.job = existing and u.expires_at = ends;
      exit when found;
    end loop;
  end if;
  insert into holdfast.job (id, kind, priority, tenant, root, parent, step, key, lane, payload, limit_key, trace)
    values (id, kind, priority, tenant, coalesce(root, id), parent, step, key, lane, payload, limit_key, trace);
  if run_at is null then
    insert into holdfast.ready (id, rank, tenant, kind, priority, lane) values (id, id, tenant, kind, priority, holdfast.lane_hash(lane));
  elsif debounce_wait is null and run_at <= clock_timestamp() then
    insert into holdfast.ready (id, rank, tenant, kind, priority, lane)
      values (id, holdfast.rank_at(run_at, id), tenant, kind, priority, holdfast.lane_hash(lane));
  else
    insert into holdfast.later (id, run_at, tenant, kind, priority, lane, debounced)
      values (id, run_at, tenant, kind, priority, holdfast.lane_hash(lane), debounce_wait is not null);
  end if;
end $$;

-- The common case: nothing to look up. With a `worker` that has a free slot the job starts there at once, unless
-- others of its kind wait.
create function holdfast.put_now(kind smallint, payload json, tenant bigint, priority smallint, limit_key text, trace text, worker bigint, nudge boolean,
                                 out id bigint, out claim bigint, out at timestamptz) language plpgsql as $$
#variable_conflict use_variable
begin
  id := holdfast.next_id();
  insert into holdfast.job (id, kind, priority, tenant, root, payload, limit_key, trace)
    values (id, kind, priority, tenant, id, payload, limit_key, trace);
  if worker is not null and (select r.id from holdfast.ready r where r.kind = kind order by r.priority, r.tenant, r.rank limit 1) is null
     and not exists (select from holdfast.pause) then
    insert into holdfast.claim (worker, ids, attempts, losses) values (worker, array[id], array[0::smallint], array[0::smallint])
      returning claim.id, claim.at into claim, at;
    return;
  end if;
  insert into holdfast.ready (id, rank, tenant, kind, priority) values (id, id, tenant, kind, priority);
  if nudge then perform pg_notify('holdfast', ''); end if;
end $$;

-- Many jobs of one kind with one statement, in their order. All or none.
create function holdfast.put_many(
  kind smallint, payloads json[], tenant bigint, keys text[], lanes text[], limit_keys text[], priority smallint, unique_for interval, trace text
) returns table (id bigint, duplicate boolean) language plpgsql as $$
#variable_conflict use_variable
begin
  if exists (select from unnest(keys) k where k <> '') then
    return query
      select p.id, p.duplicate from unnest(payloads, keys, lanes, limit_keys) with ordinality x(payload, key, lane, limit_key, n),
        lateral holdfast.put(kind, x.payload, tenant, coalesce(x.key, ''), x.lane, priority, null, unique_for, null, null, x.limit_key, trace, null, null, null) p
        order by x.n;
    return;
  end if;
  return query
    with fresh as materialized (
      select holdfast.next_id() as id, x.payload, x.lane, x.limit_key
      from unnest(payloads, lanes, limit_keys) x(payload, lane, limit_key)
    ), jobs as (
      insert into holdfast.job (id, kind, priority, tenant, root, lane, payload, limit_key, trace)
        select f.id, kind, priority, tenant, f.id, f.lane, f.payload, f.limit_key, trace from fresh f
    ), queued as (
      insert into holdfast.ready (id, rank, tenant, kind, priority, lane)
        select f.id, f.id, tenant, kind, priority, holdfast.lane_hash(f.lane) from fresh f
    )
    select f.id, false from fresh f;
end $$;

-- A key or a lane: short enough for an index, and without control characters.
create function holdfast.check_text(kind text, field text, value text) returns void language plpgsql immutable as $$
begin
  if length(value) > 512 then
    raise exception '% of kind "%" is longer than 512 characters', field, kind using errcode = 'invalid_parameter_value', hint = 'Use a hash of it.';
  elsif value ~ '[\u0001-\u001f\u007f-\u009f]' then
    raise exception '% of kind "%" contains a control character', field, kind using errcode = 'invalid_parameter_value', hint = 'Remove it.';
  end if;
end $$;

-- The face for every language: the kind by its name, the policy as workers declared it unless told otherwise, and
-- workers that are woken by the commit.
create function holdfast.enqueue(
  kind text,
  payload json,
  tenant bigint default 0,
  key text default '',
  lane text default null,
  priority integer default null,
  run_at timestamptz default null,
  unique_for interval default null,
  debounce_wait interval default null,
  debounce_max interval default null,
  limit_key text default null,
  trace text default null,
  out id bigint, out duplicate boolean
) language plpgsql as $$
#variable_conflict use_variable
declare
  k holdfast.kind;
begin
  select x.* into k from holdfast.kind x where x.name = kind;
  if k.id is null then
    raise exception 'kind "%" is not known', kind using errcode = 'invalid_parameter_value',
      hint = 'Register the job type in a worker first, or correct the name.';
  end if;
  if payload is null then
    raise exception 'payload of kind "%" is null', kind using errcode = 'null_value_not_allowed', hint = 'Pass a JSON object with the job''s arguments.';
  elsif octet_length(payload::text) > 1048576 then
    raise exception 'payload of kind "%" has % bytes, more than 1 MiB', kind, octet_length(payload::text)
      using errcode = 'invalid_parameter_value', hint = 'Keep it elsewhere and pass its id.';
  end if;
  if priority not between -32768 and 32767 then
    raise exception 'priority % of kind "%" is out of range', priority, kind using errcode = 'invalid_parameter_value', hint = 'Take one from -32768 (first) to 32767.';
  end if;
  perform holdfast.check_text(kind, 'key', key), holdfast.check_text(kind, 'lane', lane), holdfast.check_text(kind, 'limit_key', limit_key);
  if run_at is null and debounce_wait is null then
    debounce_wait := k.debounce_wait;
    debounce_max := k.debounce_max;
  end if;
  -- A trace that is none is ignored, as the recommendation asks.
  if trace !~ '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$' then trace := null; end if;
  select p.id, p.duplicate into id, duplicate
    from holdfast.put(k.id, payload, coalesce(tenant, 0), coalesce(key, ''), lane, coalesce(priority::smallint, k.priority), run_at, coalesce(unique_for, k.unique_for),
                      debounce_wait, coalesce(debounce_max, debounce_wait * 4), limit_key, trace, null, null, null) p;
  -- Once a transaction, and only for what can start; workers of Holdfast's own processes are woken without it.
  if not duplicate and debounce_wait is null and (run_at is null or run_at <= clock_timestamp()) then
    perform pg_notify('holdfast', '');
  end if;
end $$;

-- Forgets keys whose time is over and whose job has ended, looking at the `most` that ended first from `after` on.
-- `next` is where to go on; null: that was all.
-- Always along the index, whatever the statistics say: other plans would sort all that is over.
create function holdfast.sweep_keys(after timestamptz, most integer, out removed integer, out next timestamptz) language plpgsql
set enable_bitmapscan = off set enable_seqscan = off set jit = off as $$
#variable_conflict use_variable
begin
  with old as materialized (
    select u.ctid, u.job, u.expires_at from holdfast.uniq u
    where u.expires_at < statement_timestamp() and u.expires_at >= coalesce(after, '-infinity') order by u.expires_at limit most
  ), gone as (
    delete from holdfast.uniq u where u.ctid = any(array(select o.ctid from old o where not holdfast.is_open(o.job))) returning u.job
  )
  select (select count(*) from gone), case when count(*) = most then max(o.expires_at) end into removed, next from old o;
end $$;

-- ---------------------------------------------------------------- what is due

-- Moves what is due from later to ready. A debounced job that a transaction is just merging into is left for the next round.
create function holdfast.promote(most integer) returns integer language plpgsql as $$
declare
  plain bigint[];
  bounced bigint[];
  moved integer;
begin
  with due as (
    select l.id, l.debounced from holdfast.later l where l.run_at <= statement_timestamp() order by l.run_at limit most for update skip locked
  )
  select array_agg(d.id) filter (where not d.debounced), array_agg(d.id) filter (where d.debounced) into plain, bounced from due d;
  if bounced is not null then
    bounced := array(select d.job from holdfast.debounce d where d.job = any(bounced) for update skip locked);
    delete from holdfast.debounce d where d.job = any(bounced);
  end if;
  with gone as (delete from holdfast.later l where l.id = any(coalesce(plain, '{}') || coalesce(bounced, '{}')) returning l.*)
  insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
    select g.id, holdfast.rank_at(g.run_at, g.id), g.tenant, g.kind, g.priority, g.attempts, g.losses, g.lane, g.holds_lane from gone g;
  get diagnostics moved = row_count;
  return moved;
end $$;

-- Jobs that have waited longer than `bound` behind more urgent ones of their kind go first.
create function holdfast.age(bound interval, most integer) returns integer language plpgsql as $$
declare
  moved integer;
begin
  with recursive level as (
    select k.id as kind, (select min(r.priority) from holdfast.ready r where r.kind = k.id) as priority from holdfast.kind k
    union all
    select l.kind, (select min(r.priority) from holdfast.ready r where r.kind = l.kind and r.priority > l.priority) from level l where l.priority is not null
  ), old as (
    select o.ctid from (select l.kind, l.priority, row_number() over (partition by l.kind order by l.priority) as n from level l where l.priority is not null) l
    cross join lateral (
      select r.ctid from holdfast.ready r
      where r.kind = l.kind and r.priority = l.priority and r.rank < holdfast.id_at(statement_timestamp() - bound)
      limit most for update skip locked) o
    where l.n > 1
  ), gone as (delete from holdfast.ready r where r.ctid = any(array(select o.ctid from old o)) returning r.*)
  insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
    select g.id, g.rank, g.tenant, g.kind, -32768, g.attempts, g.losses, g.lane, g.holds_lane from gone g;
  get diagnostics moved = row_count;
  return moved;
end $$;

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

-- ---------------------------------------------------------------- claiming

-- Fetches for one worker: at most free[i] jobs of kinds[i]; the most urgent priority of each kind, shared between
-- tenants by their weights. Due jobs are promoted on the way. `gated` are the kinds with limits or a breaker.
-- Where dead rows that nobody may clean away yet lie before the living, the worker passes what it knows of the queues:
-- of kind, priority and tenant only what comes after a rank.
create function holdfast.claim(worker bigint, kinds smallint[], free integer[], gated smallint[] default '{}',
                               known_kinds smallint[] default null, known_priorities smallint[] default null, known_tenants bigint[] default null,
                               known_ranks bigint[] default null)
returns table (claim bigint, id bigint, kind smallint, attempts smallint, losses smallint, lane bigint, tenant bigint, root bigint, parent bigint,
               step text, key text, payload json, created_at timestamptz, priority smallint, rank bigint, trace text, due_at timestamptz)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
  few tid[];
  crowded boolean;
  mine holdfast.ready[];
  lanes bigint[];
  laned bigint[];
  heads holdfast.ready[];
  whole boolean;
  dice double precision := random() * 0.999;
  -- Of more tenants than one claim looks at, not always the same ones.
  pivot double precision := case when random() < 0.25 then random() else 0 end;
begin
  -- Asked so that the index answers at once, however many wait: clock_timestamp() in a where clause would walk over all.
  if (select l.run_at from holdfast.later l order by l.run_at limit 1) <= clock_timestamp() then
    perform holdfast.promote(1000);
  end if;
  if claim.known_kinds is null then
    select array_agg(c.row), bool_or(c.nth > least(k.n, 50)) into few, crowded
      from unnest(claim.kinds, claim.free) k(kind, n)
      cross join lateral (select r.ctid as row, row_number() over () as nth from holdfast.ready r where r.kind = k.kind
                          order by r.priority, r.tenant, r.rank limit least(k.n, 50) + 1) c;
    if few is null then return; end if;
  end if;
  if crowded is false then
    -- There is a slot for everybody: nothing is to be shared.
    with taken as (
      delete from holdfast.ready r where r.ctid = any(array(
        select w.ctid from holdfast.ready w where w.ctid = any(few) and w.kind = any(claim.kinds) for update skip locked))
      returning r.*
    )
    select array_agg(t::holdfast.ready), true into mine, whole from taken t;
  else
    with recursive queue as (
      select k.kind, k.n, h.priority, f.tenant, h.tenant as lowest, f.tenant as first, f.tenant = h.tenant as turned, -9223372036854775808 as after, 1 as nth
        from unnest(claim.kinds, claim.free) k(kind, n)
        cross join lateral (select r.priority, r.tenant from holdfast.ready r where r.kind = k.kind order by r.priority, r.tenant, r.rank limit 1) h
        cross join lateral (
          select case when pivot = 0 then h.tenant else
            (select r.tenant from holdfast.ready r where r.kind = k.kind and r.priority = h.priority and r.tenant >= h.tenant + (pivot * (
               (select r2.tenant from holdfast.ready r2 where r2.kind = k.kind and r2.priority = h.priority order by r2.tenant desc, r2.rank desc limit 1)
               - h.tenant))::bigint order by r.tenant, r.rank limit 1) end as tenant) f
        where claim.known_kinds is null
      union all
      select q.kind, q.n, q.priority, coalesce(h.tenant, q.lowest), q.lowest, q.first, q.turned or h.tenant is null, q.after, q.nth + 1 from queue q
        left join lateral (select r.tenant from holdfast.ready r where r.kind = q.kind and r.priority = q.priority and r.tenant > q.tenant
                           order by r.tenant, r.rank limit 1) h on true
        -- Upwards from the first one, then from the lowest one up to the first one.
        where q.nth < 256 and case when q.first = q.lowest then h.tenant is not null when q.turned then h.tenant < q.first else true end
    ), known as (
      select q.kind, q.n, q.priority, q.tenant, q.after from queue q
      union all
      select k.kind, k.n, w.priority, w.tenant, w.rank from unnest(claim.kinds, claim.free) k(kind, n)
        join unnest(claim.known_kinds, claim.known_priorities, claim.known_tenants, claim.known_ranks) w(kind, priority, tenant, rank) on w.kind = k.kind
    ), weighted as (
      select q.*, sum(w.weight) over (partition by q.kind) as all_weights, sum(w.weight) over (partition by q.kind order by q.priority, q.tenant) as upto, w.weight
      from known q cross join lateral (select coalesce((select s.weight from holdfast.share s where s.tenant = q.tenant), 1)::double precision as weight) w
    ), quota as (
      -- Rounded by one throw of dice for all, so that the parts add up and each is fair in the long run.
      select w.kind, w.priority, w.tenant, w.after,
             floor(w.upto / w.all_weights * w.n + dice) - floor((w.upto - w.weight) / w.all_weights * w.n + dice) as n
      from weighted w
    ), taken as (
      delete from holdfast.ready r where r.ctid = any(array(
        select c.row from quota q
        cross join lateral (select r.ctid as row from holdfast.ready r
                            where r.kind = q.kind and r.priority = q.priority and r.tenant = q.tenant and r.rank > q.after
                            order by r.rank limit q.n for update skip locked) c))
      returning r.*
    )
    select array_agg(t::holdfast.ready),
           (select bool_or(q.n <= (select count(*) from taken u where u.kind = q.kind and u.priority = q.priority and u.tenant = q.tenant)) from quota q where q.n > 0)
      into mine, whole from taken t;
  end if;
  if exists (select from unnest(mine) m where m.lane is not null and not m.holds_lane) then
    with fresh as (
      -- All lanes are locked here, in their order (see `lock_lanes`). One that nobody holds or waits for belongs to the first of its jobs.
      insert into holdfast.lane as x (lane, holder)
        select distinct on (m.lane) m.lane,
               case when (select b.id from holdfast.blocked b where b.lane = m.lane limit 1) is null
                     and (select r.id from holdfast.ready r where r.lane = m.lane and r.id < m.id limit 1) is null then m.id end
        from unnest(mine) m where m.lane is not null and not m.holds_lane
        order by m.lane, m.id
        on conflict on constraint lane_pkey do update set holder = x.holder where false returning lane, holder
    ), waiting as (
      insert into holdfast.blocked (lane, id, kind, priority, attempts, losses, tenant)
        select m.lane, m.id, m.kind, m.priority, m.attempts, m.losses, m.tenant from unnest(mine) m
        where m.lane is not null and not m.holds_lane and m.id not in (select f.holder from fresh f where f.holder is not null)
        returning lane, id
    )
    select array(select row(m.id, m.kind, m.priority, m.attempts, m.losses, m.lane, m.lane is not null, m.tenant, m.rank)::holdfast.ready from unnest(mine) m
                 where m.lane is null or m.holds_lane or m.id in (select f.holder from fresh f)),
           (select array_agg(distinct w.lane) from waiting w where w.lane not in (select f.lane from fresh f where f.holder is not null)),
           (select array_agg(w.id) from waiting w)
      into mine, lanes, laned;
  end if;
  if lanes is not null then
    heads := array(select a from holdfast.advance_lanes(array(select l.lane from holdfast.lane l where l.lane = any(lanes) and l.holder is null)) a);
    -- What we fetched ourselves starts here; another job that got a lane goes where its own worker finds it.
    insert into holdfast.ready select h.* from unnest(heads) h where h.id <> all(laned);
    mine := mine || array(select h from unnest(heads) h where h.id = any(laned));
  end if;
  if exists (select from holdfast.pause) then gated := claim.kinds; end if;
  if cardinality(gated) > 0 and exists (select from unnest(mine) m where m.kind = any(gated)) then
    mine := array(select m from unnest(mine) m where m.kind <> all(gated))
         || array(select p from holdfast.pass(array(select m from unnest(mine) m where m.kind = any(gated) order by m.priority, m.rank)) p);
  end if;
  if coalesce(cardinality(mine), 0) = 0 then
    -- All that was fetched has to wait, and there may be more behind it: a row of claim 0 says so.
    return query select 0::bigint, 0::bigint, 0::smallint, 0::smallint, 0::smallint, null::bigint, 0::bigint, 0::bigint, null::bigint, null::text, '', 'null'::json,
                        clock_timestamp(), 0::smallint, 0::bigint, null::text, clock_timestamp() where whole;
    return;
  end if;
  return query
    with ours as (
      insert into holdfast.claim as c (worker, ids, attempts, losses)
        select claim.worker, array_agg(m.id), array_agg(m.attempts), array_agg(m.losses) from unnest(mine) m returning c.id
    )
    select o.id, j.id, j.kind, m.attempts, m.losses, m.lane, j.tenant, j.root, j.parent, j.step, j.key, j.payload, j.created_at,
           m.priority, m.rank, j.trace, to_timestamp((m.rank >> 20) / 1000.0)
    from ours o cross join unnest(mine) m cross join lateral (select x.* from holdfast.job x where x.id = m.id limit 1) j
    order by m.priority, m.rank;
end $$;

-- ---------------------------------------------------------------- settling

-- Starts parked workflows whose step finished or whose signal came; returns whether there were any. With `ended`, only
-- so many of a workflow's steps have, and one that waits for all of several may wait on. The advisory lock orders this
-- with `park`.
create function holdfast.wake(jobs bigint[], ended integer[] default null) returns boolean language plpgsql as $$
declare
  job bigint;
begin
  for job in select distinct j from unnest(jobs) j order by j loop
    perform pg_advisory_xact_lock(job);
  end loop;
  if not exists (select from holdfast.later l where l.id = any(jobs) and l.wakeable) then return false; end if;
  if ended is not null then
    update holdfast.later l set awaiting = l.awaiting - e.n from unnest(jobs, ended) e(job, n) where l.id = e.job and l.wakeable and l.awaiting is not null;
  end if;
  with woken as (delete from holdfast.later l where l.id = any(jobs) and l.wakeable and (ended is null or l.awaiting is null or l.awaiting <= 0) returning l.*)
  insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
    select w.id, w.id, w.tenant, w.kind, w.priority, w.attempts, w.losses, w.lane, w.holds_lane from woken w;
  return found;
end $$;

-- Jobs that a worker starts without asking for them: its kinds with slots kept for them. What does not fit is ready.
create function holdfast.hand_over(worker bigint, heads holdfast.ready[], kinds smallint[], free integer[]) returns json language plpgsql as $$
declare
  direct holdfast.ready[];
  claim_id bigint;
begin
  if exists (select from holdfast.pause) then kinds := '{}'; end if;
  direct := array(
    select h.head from (select head, row_number() over (partition by (head).kind order by (head).id) as n from unnest(heads) head) h
    join unnest(kinds, free) k(kind, n) on k.kind = (h.head).kind where h.n <= k.n);
  insert into holdfast.ready select h.* from unnest(heads) h where h.id <> all(array(select d.id from unnest(direct) d));
  if cardinality(direct) = 0 then return null; end if;
  insert into holdfast.claim as c (worker, ids, attempts, losses)
    select hand_over.worker, array_agg(d.id), array_agg(d.attempts), array_agg(d.losses) from unnest(direct) d returning c.id into claim_id;
  return (select json_agg(json_build_object('claim', claim_id, 'id', j.id, 'kind', j.kind, 'attempts', d.attempts, 'losses', d.losses, 'lane', d.lane,
                                            'tenant', j.tenant, 'root', j.root, 'parent', j.parent, 'created_at', j.created_at, 'due_at', clock_timestamp(),
                                            'at', clock_timestamp(), 'trace', j.trace, 'payload', j.payload) order by j.id)
          from unnest(direct) d cross join lateral (select x.* from holdfast.job x where x.id = d.id limit 1) j);
end $$;

-- Ends jobs of live claims. `lost` were not ours any more; `more`: other jobs became ready; `handed`: jobs that took
-- over a lane and start in this worker, which kept next_free slots of next_kinds for them.
-- `emptied` are claims of which nothing is left after this batch.
-- `again` is for a batch whose commit got no answer: what it wrote already is not written twice.
create function holdfast.finish(claims bigint[], ids bigint[], kinds smallint[], tenants bigint[], attempts smallint[], outcomes smallint[],
                                outputs json[], started timestamptz[], lanes bigint[], are_steps boolean[],
                                endings text[], errors text[], emptied bigint[], worker bigint, again boolean,
                                next_kinds smallint[] default '{}', next_free integer[] default '{}',
                                out lost bigint[], out more boolean, out handed json)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
  live bigint[];
  ended bigint[];
  heads holdfast.ready[];
  parents bigint[];
  counts integer[];
begin
  more := false;
  live := array(select c.id from holdfast.claim c where c.id = any(finish.claims) order by c.id for key share);
  with put as (
    insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, worker, output)
      select f.id, f.started, f.outcome, f.attempts, f.kind, f.tenant, finish.worker, f.output
      from unnest(finish.claims, finish.ids, finish.kinds, finish.tenants, finish.attempts, finish.outcomes, finish.outputs, finish.started)
           f(claim, id, kind, tenant, attempts, outcome, output, started)
      where f.claim = any(live)
        and not (finish.again and exists (select from holdfast.done d where d.id = f.id))
      returning id
  )
  select array_agg(p.id) into ended from put p;
  if coalesce(cardinality(ended), 0) < cardinality(finish.ids) then
    lost := array(select i from unnest(finish.ids) i where i <> all(coalesce(ended, '{}')));
  end if;
  if cardinality(array_remove(finish.endings, null)) > 0 then
    insert into holdfast.attempt (id, number, started_at, worker, ending, error)
      select f.id, f.attempts, f.started, finish.worker, f.ending, f.error
      from unnest(finish.ids, finish.attempts, finish.started, finish.endings, finish.errors) f(id, attempts, started, ending, error)
      where f.ending is not null and f.id = any(ended);
  end if;
  if cardinality(finish.emptied) > 0 then
    delete from holdfast.claim c where c.id = any(finish.emptied);
  end if;
  if ended is null then return; end if;
  if cardinality(array_remove(finish.lanes, null)) > 0 then
    heads := array(select r from holdfast.release_lanes(
      array(select distinct f.lane from unnest(finish.ids, finish.lanes) f(id, lane) where f.lane is not null and f.id = any(ended))) r);
    if cardinality(heads) > 0 then
      handed := holdfast.hand_over(finish.worker, heads, finish.next_kinds, finish.next_free);
      more := cardinality(heads) > coalesce(json_array_length(handed), 0);
    end if;
  end if;
  if exists (select from holdfast.slot) then more := holdfast.leave_gates(ended) or more; end if;
  if true = any(finish.are_steps) then
    select array_agg(p.parent), array_agg(p.n) into parents, counts
      from (select s.parent, count(*)::integer as n from holdfast.step s where s.child = any(ended) group by s.parent) p;
    if parents is not null then more := holdfast.wake(parents, counts) or more; end if;
  end if;
end $$;

-- Takes one job out of its claim; false when the claim is not ours any more, or the job has ended.
create function holdfast.give_back(claim_id bigint, job bigint) returns boolean language plpgsql as $$
begin
  -- A completion that is just being committed holds this lock; it is seen below.
  perform from holdfast.claim c where c.id = claim_id for update;
  if exists (select from holdfast.done d where d.id = job) then return false; end if;
  update holdfast.claim c set ids[array_position(c.ids, job)] = 0 where c.id = claim_id and job = any(c.ids);
  if not found then return false; end if;
  perform holdfast.leave_gates(array[job]);
  return true;
end $$;

-- Puts a claimed job back to run after `delay`: a retry, a snooze, or (delay zero, ending null) a drain that never started it.
create function holdfast.postpone(claim_id bigint, job bigint, made smallint, lost smallint, delay interval,
                                  ending text, error text, started timestamptz, worker bigint) returns boolean language plpgsql as $$
declare
  j holdfast.job;
begin
  if not holdfast.give_back(claim_id, job) then return false; end if;
  if ending is not null then
    insert into holdfast.attempt (id, number, started_at, worker, ending, error)
      values (job, case when ending = 'snoozed' then made + 1 else made end, started, worker, ending, error);
  end if;
  select * into strict j from holdfast.job x where x.id = job;
  insert into holdfast.later (id, run_at, tenant, kind, priority, attempts, losses, lane, holds_lane)
    values (job, clock_timestamp() + delay, j.tenant, j.kind, j.priority, made, lost, holdfast.lane_hash(j.lane), j.lane is not null);
  return true;
end $$;

-- Keeps what a long job has done so far; false when the claim is not ours any more.
create function holdfast.note_progress(claim_id bigint, job bigint, data json) returns boolean language plpgsql as $$
#variable_conflict use_variable
begin
  perform from holdfast.claim c where c.id = claim_id and job = any(c.ids) for key share;
  if not found then return false; end if;
  insert into holdfast.progress as p (job, data) values (job, data)
    on conflict on constraint progress_pkey do update set data = excluded.data, at = clock_timestamp();
  return true;
end $$;

-- ---------------------------------------------------------------- workflows

-- Records a step of a workflow and puts its job in; a step that is there already keeps its child.
create function holdfast.start_step(claim_id bigint, parent bigint, root bigint, name text, kind text, payload json, tenant bigint, key text,
                                    lane text, priority smallint, unique_for interval, limit_key text, trace text, detached boolean) returns bigint language plpgsql as $$
declare
  child_id bigint;
  kind_id smallint;
begin
  perform from holdfast.claim c where c.id = claim_id and start_step.parent = any(c.ids) for key share;
  if not found then return null; end if;
  select s.child into child_id from holdfast.step s where s.parent = start_step.parent and s.name = start_step.name;
  if found then return child_id; end if;
  select k.id into kind_id from holdfast.kind k where k.name = start_step.kind;
  if kind_id is null then
    raise exception 'kind "%" is not known', start_step.kind using errcode = 'invalid_parameter_value',
      hint = 'Register the job type in a worker first, or correct the name.';
  end if;
  select p.id into child_id from holdfast.put(kind_id, payload, tenant, key, lane, priority, null, unique_for, null, null, limit_key, trace, parent, name, root) p;
  insert into holdfast.step (parent, name, child, detached) values (start_step.parent, start_step.name, child_id, start_step.detached);
  return child_id;
end $$;

-- Steps without key or lane, of many workflows at one time. A step that is `direct` starts at once in the worker that
-- asks, which has a slot for it: its job goes straight into a claim. Not returned: workflows whose claim is gone.
-- A step that is `opening` does not begin when its workflow has done anything else before: its run has to look first.
create function holdfast.start_steps(worker bigint, claims bigint[], parents bigint[], roots bigint[], names text[], kinds smallint[],
                                     payloads json[], tenants bigint[], priorities smallint[], limit_keys text[], traces text[], detached boolean[], opening boolean[], direct boolean[])
returns table (n bigint, child bigint, existed boolean, claim bigint, at timestamptz) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
  live bigint[];
begin
  live := array(select c.id from holdfast.claim c where c.id = any(start_steps.claims) order by c.id for key share);
  if exists (select from holdfast.pause) then direct := array_fill(false, array[cardinality(direct)]); end if;
  return query
    with asked as materialized (
      select a.* from unnest(start_steps.claims, start_steps.parents, start_steps.roots, start_steps.names, start_steps.kinds, start_steps.payloads,
                             start_steps.tenants, start_steps.priorities, start_steps.limit_keys, start_steps.traces, start_steps.detached, start_steps.opening, direct)
        with ordinality a(claim, parent, root, name, kind, payload, tenant, priority, limit_key, trace, detached, opening, direct, n)
      where a.claim = any(live)
    ), fresh as (
      insert into holdfast.step as s (parent, name, child, detached) select a.parent, a.name, holdfast.next_id(), a.detached from asked a
        -- Asked row by row, here and below: a plan made while the table was empty would otherwise read all of it.
        where not (a.opening and coalesce((select true from holdfast.step x where x.parent = a.parent limit 1), false)) order by a.n
        on conflict do nothing returning s.parent, s.name, s.child
    ), begun as materialized (
      select a.*, f.child from asked a join fresh f on f.parent = a.parent and f.name = a.name
    ), put as (
      insert into holdfast.job (id, kind, priority, tenant, root, parent, step, payload, limit_key, trace)
        select b.child, b.kind, b.priority, b.tenant, b.root, b.parent, b.name, b.payload, b.limit_key, b.trace from begun b
    ), claimed as (
      insert into holdfast.claim as c (worker, ids, attempts, losses)
        select start_steps.worker, array_agg(b.child order by b.n), array_fill(0::smallint, array[count(*)::integer]), array_fill(0::smallint, array[count(*)::integer])
        from begun b where b.direct having count(*) > 0 returning c.id
    ), queued as (
      insert into holdfast.ready (id, rank, tenant, kind, priority) select b.child, b.child, b.tenant, b.kind, b.priority from begun b where not b.direct
    )
    select a.n, coalesce(b.child, s.child), b.child is null, case when b.direct then (select c.id from claimed c) end, clock_timestamp()
    from asked a
    left join begun b on b.n = a.n
    left join lateral (select x.child from holdfast.step x where b.child is null and x.parent = a.parent and x.name = a.name limit 1) s on true;
end $$;

-- Takes the oldest signal of this name into the workflow's journal, once, as `step`; or tells until when to wait for one
-- (null: for ever), or that the time is over. A signal counts that was given before that; what was said once stays said.
create function holdfast.receive(claim_id bigint, job bigint, name text, step text, wait interval,
                                 out arrived json, out until timestamptz, out over boolean, out fenced boolean) language plpgsql as $$
declare
  taken text;
begin
  perform from holdfast.claim c where c.id = claim_id and receive.job = any(c.ids) for key share;
  fenced := not found;
  over := false;
  if fenced then return; end if;
  insert into holdfast.step (parent, name, noted, wake_at) values (job, step, holdfast.next_id(), coalesce(clock_timestamp() + wait, 'infinity')) on conflict do nothing;
  select s.output, s.wake_at into arrived, until from holdfast.step s where s.parent = receive.job and s.name = receive.step;
  over := arrived is null and until = '-infinity';
  if arrived is null and not over then
    select s.id, s.payload into taken, arrived from holdfast.signal s
      where s.job = receive.job and s.name = receive.name and s.at < until order by s.at, s.id limit 1;
    if found then
      delete from holdfast.signal s where s.job = receive.job and s.name = receive.name and s.id = taken;
      update holdfast.step s set output = arrived where s.parent = receive.job and s.name = receive.step;
    elsif until <= clock_timestamp() then
      over := true;
      update holdfast.step s set wake_at = '-infinity' where s.parent = receive.job and s.name = receive.step;
    end if;
  end if;
  until := case when isfinite(until) then until end;
end $$;

-- Notes a decision in the workflow's journal, once: returns what stands there. Null: the claim is not ours any more.
create function holdfast.mark(claim_id bigint, job bigint, name text, value json) returns json language plpgsql as $$
#variable_conflict use_variable
begin
  perform from holdfast.claim c where c.id = claim_id and job = any(c.ids) for key share;
  if not found then return null; end if;
  insert into holdfast.step (parent, name, noted, output) values (job, name, holdfast.next_id(), value) on conflict do nothing;
  return (select s.output from holdfast.step s where s.parent = job and s.name = name);
end $$;

-- Lays a workflow aside until one of these steps ends (or `every` one of them), one of these signals comes, or wake_at.
-- A null wake_at waits for ever.
create function holdfast.park(claim_id bigint, job bigint, made smallint, lost smallint, wake timestamptz, children bigint[], signals text[], every boolean)
returns boolean language plpgsql as $$
declare
  j holdfast.job;
  left_open integer;
begin
  if not holdfast.give_back(claim_id, job) then return false; end if;
  perform pg_advisory_xact_lock(job);
  select * into strict j from holdfast.job x where x.id = job;
  left_open := (select count(*) from unnest(children) c where (select d.id from holdfast.done d where d.id = c limit 1) is null);
  if (case when every then left_open = 0 else left_open < cardinality(children) end and cardinality(children) > 0)
     or exists (select from holdfast.signal s where s.job = park.job and s.name = any(signals))
     or exists (select from holdfast.cancellation c where c.job = park.job) then
    insert into holdfast.ready (id, rank, tenant, kind, priority, attempts, losses, lane, holds_lane)
      values (job, job, j.tenant, j.kind, j.priority, made, lost, holdfast.lane_hash(j.lane), j.lane is not null);
  else
    insert into holdfast.later (id, run_at, tenant, kind, priority, attempts, losses, lane, holds_lane, wakeable, awaiting)
      values (job, coalesce(wake, 'infinity'), j.tenant, j.kind, j.priority, made, lost, holdfast.lane_hash(j.lane), j.lane is not null, true,
              case when every then left_open end);
  end if;
  return true;
end $$;

-- Gives a workflow a signal; the first one with an id wins. What became of it: 'kept', 'ended' (the workflow has), or
-- 'unknown' (this tenant has no such workflow).
create function holdfast.signal(job bigint, name text, id text, payload json, tenant bigint) returns text language plpgsql as $$
begin
  if not exists (select from holdfast.job j where j.id = signal.job and j.tenant = signal.tenant) then return 'unknown'; end if;
  if exists (select from holdfast.done d where d.id = signal.job) then return 'ended'; end if;
  insert into holdfast.signal (job, name, id, payload) values (signal.job, signal.name, signal.id, signal.payload) on conflict do nothing;
  perform holdfast.wake(array[signal.job]);
  return 'kept';
end $$;

-- ---------------------------------------------------------------- by hand

-- Whether a step ends when this workflow of it is cancelled: it was not put in by others, and no other workflow waits for it.
create function holdfast.ends_with(child bigint, flow bigint) returns boolean language sql stable as $$
  select exists (select from holdfast.step s join holdfast.job j on j.id = s.child
                 where s.child = ends_with.child and s.parent = ends_with.flow and not s.detached and j.parent is not null)
     and not exists (select from holdfast.step o where o.child = ends_with.child and o.parent <> ends_with.flow
                       and not exists (select from holdfast.done d where d.id = o.parent) and not exists (select from holdfast.cancellation c where c.job = o.parent))
$$;

-- Ends jobs that nobody wants any more, and the steps that their workflows wait for. For each: 'cancelled' (it had not
-- started), 'asked' (it runs, or has to clean up, and has been told), 'ended' (too late) or 'unknown'.
create function holdfast.cancel(jobs bigint[], reason text) returns table (job bigint, result text) language plpgsql as $$
#variable_conflict use_column
declare
  open_jobs bigint[];
  flows bigint[];
  plain bigint[];
  stopped bigint[];
  free_lanes bigint[];
  held_lanes bigint[];
  parents bigint[];
  counts integer[];
  this bigint;
begin
  with recursive below as (
    select j.id from holdfast.job j where j.id = any(cancel.jobs) and not exists (select from holdfast.done d where d.id = j.id)
    union
    select s.child from below b join holdfast.step s on s.parent = b.id and s.child is not null
      where not exists (select from holdfast.done d where d.id = s.child) and holdfast.ends_with(s.child, s.parent)
  )
  select coalesce(array_agg(b.id order by b.id), '{}') into open_jobs from below b;
  -- A workflow that has begun ends by its own code, so that it can undo what it did.
  flows := array(select distinct s.parent from holdfast.step s where s.parent = any(open_jobs) order by s.parent);
  plain := array(select o.id from unnest(open_jobs) o(id) except select f.id from unnest(flows) f(id));
  -- Those who merge into a debounced job, claim and settle take these locks before others; rows that they are just moving
  -- are theirs, and `cancel_rest` comes by later.
  perform from holdfast.debounce d where d.job = any(plain) order by d.job for update;
  free_lanes := holdfast.lock_lanes(array(select distinct holdfast.lane_hash(j.lane) from holdfast.job j where j.id = any(plain) and j.lane is not null));
  with r as (delete from holdfast.ready x where x.ctid = any(array(
               select y.ctid from unnest(plain) p(id) join holdfast.ready y on y.id = p.id for update of y skip locked)) returning x.id, x.attempts, x.lane, x.holds_lane),
       l as (delete from holdfast.later x where x.id = any(array(
               select y.id from holdfast.later y where y.id = any(plain) for update skip locked)) returning x.id, x.attempts, x.lane, x.holds_lane),
       h as (delete from holdfast.held x where x.ctid = any(array(
               select y.ctid from holdfast.held y where y.id = any(plain) for update skip locked)) returning x.id, x.attempts, x.lane, x.holds_lane),
       b as (delete from holdfast.blocked x using holdfast.job j
             where j.id = any(plain) and x.lane = holdfast.lane_hash(j.lane) and x.id = j.id returning x.id, x.attempts, x.lane, false as holds_lane),
       gone as (select * from r union all select * from l union all select * from h union all select * from b),
       ended as (insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
                   select j.id, clock_timestamp(), 2, g.attempts, j.kind, j.tenant, json_build_object('error', cancel.reason)
                   from gone g join holdfast.job j on j.id = g.id),
       noted as (insert into holdfast.attempt (id, number, started_at, ending, error)
                   select g.id, g.attempts, clock_timestamp(), 'cancelled', cancel.reason from gone g),
       quiet as (delete from holdfast.debounce d where d.job in (select g.id from gone g))
  select coalesce(array_agg(g.id), '{}'), array_agg(distinct g.lane) filter (where g.holds_lane) into stopped, held_lanes from gone g;
  -- Free ones, too: jobs may wait there behind one that was still on its way to a worker.
  insert into holdfast.ready select a.* from holdfast.advance_lanes(coalesce(held_lanes, '{}') || free_lanes) a;
  insert into holdfast.cancellation (job, reason)
    select o.id, cancel.reason from unnest(open_jobs) o(id) where not exists (select from unnest(stopped) x(id) where x.id = o.id) on conflict do nothing;
  select array_agg(p.parent), array_agg(p.n) into parents, counts
    from (select s.parent, count(*)::integer as n from holdfast.step s where s.child = any(stopped) group by s.parent) p;
  for this in select distinct x from unnest(flows || parents) x order by x loop
    perform pg_advisory_xact_lock(this);
  end loop;
  perform holdfast.wake(flows);
  update holdfast.later l set run_at = clock_timestamp() where l.id = any(flows) and not l.wakeable and l.run_at > clock_timestamp();
  if parents is not null then perform holdfast.wake(parents, counts); end if;
  perform pg_notify('holdfast', 'cancel');
  return query
    select x, case when not exists (select from holdfast.job j where j.id = x) then 'unknown'
                   when x = any(stopped) then 'cancelled' when x = any(open_jobs) then 'asked' else 'ended' end
    from unnest(cancel.jobs) x;
end $$;

-- Cancels what a cancellation missed: jobs that were just moving to where they wait, and steps that were just beginning.
-- Returns how many.
create function holdfast.cancel_rest() returns integer language plpgsql as $$
declare
  missed record;
  total integer := 0;
begin
  if not exists (select from holdfast.cancellation) or not pg_try_advisory_xact_lock(hashtextextended('holdfast.cancel_rest', 0)) then return 0; end if;
  for missed in
    with wanted as materialized (
      select c.job, c.reason, exists (select from holdfast.step s where s.parent = c.job) as flow
      from holdfast.cancellation c where not exists (select from holdfast.done d where d.id = c.job)
    ), found as (
      -- A workflow that waits for the end of its steps looks once a second.
      select w.job, w.reason from wanted w join holdfast.later l on l.id = w.job where not w.flow or l.wakeable or l.run_at > clock_timestamp() + interval '2 s'
      union
      select w.job, w.reason from wanted w join holdfast.held h on h.id = w.job where not w.flow
      union
      select w.job, w.reason from wanted w join holdfast.job j on j.id = w.job join holdfast.blocked b on b.lane = holdfast.lane_hash(j.lane) and b.id = w.job where not w.flow
      union
      select s.child, w.reason from wanted w join holdfast.step s on s.parent = w.job and s.child is not null
        where w.flow and not exists (select from holdfast.done d where d.id = s.child) and not exists (select from holdfast.cancellation x where x.job = s.child)
          and holdfast.ends_with(s.child, s.parent)
    )
    select f.reason, array_agg(f.job) as jobs from found f group by f.reason
  loop
    perform from holdfast.cancel(missed.jobs, missed.reason);
    total := total + cardinality(missed.jobs);
  end loop;
  return total;
end $$;

-- Runs dead or cancelled jobs once more, with all their attempts, in their order; of a workflow the dead steps, too.
-- For each: 'retried', 'not_ended', 'completed', 'key_taken' (another job has its key now), 'is_step' (retry its workflow) or 'unknown'.
create function holdfast.retry(jobs bigint[]) returns table (job bigint, result text) language plpgsql as $$
#variable_conflict use_column
declare
  this bigint;
  j holdfast.job;
  d holdfast.done;
  steps bigint[];
begin
  -- What is kept for a while does not go away under our hands (0008_retention.sql).
  perform pg_advisory_xact_lock_shared(hashtextextended('holdfast.prune', 0));
  for this in select distinct x from unnest(retry.jobs) x order by x loop
    job := this;
    select * into j from holdfast.job x where x.id = this;
    select * into d from holdfast.done x where x.id = this for update;
    result := case
      when j.id is null then 'unknown'
      when d.id is null then 'not_ended'
      when d.outcome = 0 then 'completed'
      when exists (select from holdfast.done p where p.id = j.parent) then 'is_step'
      when j.key <> '' and exists (select from holdfast.uniq u where u.tenant = j.tenant and u.kind = j.kind and u.key = j.key and u.job <> this
                                     and (u.expires_at > clock_timestamp() or holdfast.is_open(u.job))) then 'key_taken'
      else 'retried' end;
    if result = 'retried' then
      with recursive below as (
        select this as id
        union all
        select s.child from below b join holdfast.step s on s.parent = b.id join holdfast.done x on x.id = s.child
          -- What was undone is not done again: what could not be undone is tried once more.
          where x.outcome <> 0 and (s.name like 'undo %' or not exists (select from holdfast.step m where m.parent = b.id and m.name like 'undoing %' and m.noted is not null))
      )
      select array_agg(b.id order by b.id) into steps from below b;
      perform holdfast.run_again(steps);
    end if;
    return next;
  end loop;
  perform pg_notify('holdfast', '');
end $$;

create function holdfast.run_again(jobs bigint[]) returns void language sql as $$
  -- A claim that others of its batch are still in names those that ended, too: whoever rescued it would run them twice.
  update holdfast.claim c set ids = array(select case when i = any(jobs) then 0 else i end from unnest(c.ids) with ordinality u(i, n) order by n)
    where c.ids && jobs;
  with gone as (delete from holdfast.done d where d.id = any(jobs) returning d.id),
       forgotten as (delete from holdfast.cancellation c where c.job = any(jobs)),
       -- A key that was forgotten meanwhile is held again.
       keys as (
         insert into holdfast.uniq as u (tenant, kind, key, job, expires_at)
           select distinct on (j.tenant, j.kind, j.key) j.tenant, j.kind, j.key, j.id, clock_timestamp()
             from gone g join holdfast.job j on j.id = g.id join holdfast.kind k on k.id = j.kind
             where j.id = any(jobs) and j.key <> '' and k.debounce_wait is null
             order by j.tenant, j.kind, j.key, j.id
           on conflict on constraint uniq_pkey do update set job = excluded.job, expires_at = greatest(u.expires_at, excluded.expires_at)
             where u.job = excluded.job or (u.expires_at <= clock_timestamp() and not holdfast.is_open(u.job)))
  , lanes as materialized (
    select l.lane, l.holder from holdfast.lane l
    where l.lane in (select holdfast.lane_hash(j.lane) from holdfast.job j where j.id = any(jobs) and j.lane is not null) order by l.lane for update
  )
  insert into holdfast.ready (id, rank, tenant, kind, priority, lane, holds_lane)
    select j.id, j.id, j.tenant, j.kind, j.priority, holdfast.lane_hash(j.lane),
           -- A dead head that parked its lane still holds it.
           exists (select from lanes l where l.lane = holdfast.lane_hash(j.lane) and l.holder = j.id)
    -- Named once more: the join alone has walked over all of history.
    from gone g join holdfast.job j on j.id = g.id where j.id = any(jobs) order by j.id
$$;

-- A new run of a workflow that takes over the steps before `step` with their results; `payload` null keeps the old one.
create function holdfast.fork(job bigint, step text, payload json) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  old holdfast.job;
  new_id bigint := holdfast.next_id();
  first bigint;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holdfast.prune', 0));
  select * into old from holdfast.job j where j.id = job;
  if not found then
    raise exception 'job % is not known', job using errcode = 'invalid_parameter_value', hint = 'holdfast jobs list shows the ids.';
  end if;
  select s.child into first from holdfast.step s where s.parent = job and s.name = step;
  if first is null then
    raise exception 'workflow % has no step "%"', job, step using errcode = 'invalid_parameter_value', hint = 'holdfast jobs show names its steps.';
  end if;
  insert into holdfast.job (id, kind, priority, tenant, root, key, lane, payload, limit_key, trace, forked_from)
    values (new_id, old.kind, old.priority, old.tenant, new_id, '', old.lane, coalesce(payload, old.payload), old.limit_key, old.trace, job);
  -- Of its waits those that were over by then. Old branches of the code are not stood by, nor is it undone.
  insert into holdfast.step (parent, name, child, noted, wake_at, output, detached)
    select new_id, s.name, s.child, s.noted, s.wake_at, s.output, s.detached from holdfast.step s
    where s.parent = job and coalesce(s.child, s.noted) < first
      and (s.child is not null or s.wake_at <= clock_timestamp() or s.output is not null)
      and not (s.noted is not null and (s.name like 'undoing %' or (s.name like 'patch %' and s.output::text = 'false')));
  insert into holdfast.ready (id, rank, tenant, kind, priority, lane)
    values (new_id, new_id, old.tenant, old.kind, old.priority, holdfast.lane_hash(old.lane));
  perform pg_notify('holdfast', '');
  return new_id;
end $$;

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
