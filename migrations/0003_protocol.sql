-- How the engine's workers move jobs between the tables of 0001_engine.sql: claim, settle, lay aside, rescue.

-- Moves what is due from later to ready. A debounced job that a transaction is just merging into is left for the next round.
create function holdfast.promote(most integer) returns integer language plpgsql as $$
declare
  plain bigint[];
  bounced bigint[];
  moved integer;
begin
  with due as (
    select l.id, l.debounced from holdfast.later l where l.run_at <= clock_timestamp() order by l.run_at limit most for update skip locked
  )
  select array_agg(d.id) filter (where not d.debounced), array_agg(d.id) filter (where d.debounced) into plain, bounced from due d;
  if bounced is not null then
    bounced := array(select d.job from holdfast.debounce d where d.job = any(bounced) for update skip locked);
    delete from holdfast.debounce d where d.job = any(bounced);
  end if;
  with gone as (delete from holdfast.later l where l.id = any(coalesce(plain, '{}') || coalesce(bounced, '{}')) returning l.*)
  insert into holdfast.ready (id, kind, priority, attempts, losses, lane, holds_lane)
    select g.id, g.kind, g.priority, g.attempts, g.losses, g.lane, g.holds_lane from gone g;
  get diagnostics moved = row_count;
  return moved;
end $$;

-- Locks the rows of these lanes, in order, making the missing ones. Returns the lanes that nobody held.
create function holdfast.lock_lanes(lanes bigint[]) returns bigint[] language plpgsql as $$
declare
  found_lanes bigint[];
  free bigint[];
begin
  loop
    insert into holdfast.lane (lane) select distinct l from unnest(lanes) l order by l on conflict do nothing;
    with locked as (select l.lane, l.holder from holdfast.lane l where l.lane = any(lanes) order by l.lane for update)
    select array_agg(k.lane), array_agg(k.lane) filter (where k.holder is null) into found_lanes, free from locked k;
    -- A row that was deleted while we waited for its lock is missing here: make it again.
    exit when found_lanes @> lanes;
  end loop;
  return coalesce(free, '{}');
end $$;

-- For locked lanes without a holder: the first waiting job takes the lane. A lane where none waits, or where an
-- earlier job is still on its way to a worker, is let go; that job will take up those who wait.
create function holdfast.advance_lanes(lanes bigint[]) returns setof holdfast.ready language plpgsql as $$
declare
  this bigint;
  head holdfast.blocked;
begin
  foreach this in array lanes loop
    select b.* into head from holdfast.blocked b where b.lane = this order by b.id limit 1;
    if head.id is null or exists (select from holdfast.ready r where r.lane = this and r.id < head.id) then
      delete from holdfast.lane l where l.lane = this;
    else
      delete from holdfast.blocked b where b.lane = this and b.id = head.id;
      update holdfast.lane l set holder = head.id where l.lane = this;
      return next row(head.id, head.kind, head.priority, head.attempts, head.losses, this, true)::holdfast.ready;
    end if;
  end loop;
end $$;

-- Returns whether a job got a lane.
create function holdfast.release_lanes(lanes bigint[]) returns boolean language plpgsql as $$
begin
  perform from holdfast.lane l where l.lane = any(lanes) order by l.lane for update;
  insert into holdfast.ready select a.* from holdfast.advance_lanes(array(select distinct l from unnest(lanes) l)) a;
  return found;
end $$;

-- Fetches for one worker: at most free[i] jobs of kinds[i]. Due jobs are promoted on the way.
create function holdfast.claim(worker bigint, kinds smallint[], free integer[])
returns table (claim bigint, id bigint, kind smallint, attempts smallint, losses smallint, lane bigint,
               tenant bigint, root bigint, parent bigint, step text, key text, payload json, created_at timestamptz)
language plpgsql as $$
#variable_conflict use_column
declare
  ids bigint[];
  tries smallint[];
  lost smallint[];
  lanes bigint[];
  claim_id bigint;
  heads holdfast.ready[];
  mine bigint[];
  laned bigint[];
begin
  if exists (select from holdfast.later l where l.run_at <= clock_timestamp()) then
    perform holdfast.promote(1000);
  end if;
  with taken as (
    delete from holdfast.ready r where r.ctid = any(array(
      select c.row from unnest(claim.kinds, claim.free) k(kind, n)
      cross join lateral (select r2.ctid as row from holdfast.ready r2 where r2.kind = k.kind order by r2.priority, r2.id limit k.n for update skip locked) c))
    returning r.*
  ), waiting as (
    insert into holdfast.blocked (lane, id, kind, priority, attempts, losses)
      select t.lane, t.id, t.kind, t.priority, t.attempts, t.losses from taken t where t.lane is not null and not t.holds_lane
      returning lane, id
  )
  select array_agg(t.id) filter (where t.lane is null or t.holds_lane),
         array_agg(t.attempts) filter (where t.lane is null or t.holds_lane),
         array_agg(t.losses) filter (where t.lane is null or t.holds_lane),
         (select array_agg(distinct w.lane) from waiting w),
         (select array_agg(w.id) from waiting w)
    into ids, tries, lost, lanes, laned from taken t;
  if lanes is not null then
    heads := array(select a from holdfast.advance_lanes(holdfast.lock_lanes(lanes)) a);
    -- What we fetched ourselves starts here; another job that got a lane goes where its own worker finds it.
    insert into holdfast.ready select h.* from unnest(heads) h where h.id <> all(laned);
    ids := ids || array(select h.id from unnest(heads) h where h.id = any(laned) order by h.id);
    tries := tries || array(select h.attempts from unnest(heads) h where h.id = any(laned) order by h.id);
    lost := lost || array(select h.losses from unnest(heads) h where h.id = any(laned) order by h.id);
  end if;
  if coalesce(cardinality(ids), 0) = 0 then
    return;
  end if;
  insert into holdfast.claim as c (worker, ids, attempts, losses) values (claim.worker, ids, tries, lost) returning c.id into claim_id;
  return query
    select claim_id, j.id, j.kind, c.attempts, c.losses, holdfast.lane_hash(j.lane), j.tenant, j.root, j.parent, j.step, j.key, j.payload, j.created_at
    from unnest(ids, tries, lost) c(id, attempts, losses) join holdfast.job j on j.id = c.id
    order by j.priority, j.id;
end $$;

-- Starts parked workflows whose step finished or whose signal came; returns whether there were any. The advisory lock
-- orders this with `park`.
create function holdfast.wake(jobs bigint[]) returns boolean language plpgsql as $$
declare
  job bigint;
begin
  for job in select distinct j from unnest(jobs) j order by j loop
    perform pg_advisory_xact_lock(job);
  end loop;
  with woken as (delete from holdfast.later l where l.id = any(jobs) and l.wakeable returning l.*)
  insert into holdfast.ready (id, kind, priority, attempts, losses, lane, holds_lane)
    select w.id, w.kind, w.priority, w.attempts, w.losses, w.lane, w.holds_lane from woken w;
  return found;
end $$;

-- Ends jobs of live claims and returns their ids: what is missing was fenced off. `more`: other jobs became ready.
-- `emptied` are claims of which nothing is left after this batch.
-- `again` is for a batch whose commit got no answer: what it wrote already is not written twice.
create function holdfast.finish(claims bigint[], ids bigint[], kinds smallint[], tenants bigint[], attempts smallint[], outcomes smallint[],
                                outputs json[], started timestamptz[], lanes bigint[], are_steps boolean[],
                                endings text[], errors text[], emptied bigint[], worker bigint, again boolean default false)
returns table (id bigint, more boolean) language plpgsql as $$
#variable_conflict use_column
declare
  live bigint[];
  ended bigint[];
  freed bigint[];
  parents bigint[];
  others boolean := false;
begin
  live := array(select c.id from holdfast.claim c where c.id = any(finish.claims) for key share);
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
  if true = any(select e is not null from unnest(finish.endings) e) then
    insert into holdfast.attempt (id, number, started_at, worker, ending, error)
      select f.id, f.attempts, f.started, finish.worker, f.ending, f.error
      from unnest(finish.ids, finish.attempts, finish.started, finish.endings, finish.errors) f(id, attempts, started, ending, error)
      where f.ending is not null and f.id = any(ended);
  end if;
  if cardinality(finish.emptied) > 0 then
    delete from holdfast.claim c where c.id = any(finish.emptied);
  end if;
  if ended is null then return; end if;
  if exists (select from unnest(finish.lanes) l where l is not null) then
    freed := array(select distinct f.lane from unnest(finish.ids, finish.lanes) f(id, lane) where f.lane is not null and f.id = any(ended));
    others := holdfast.release_lanes(freed);
  end if;
  if true = any(finish.are_steps) then
    parents := array(select distinct s.parent from holdfast.step s where s.child = any(ended));
    if cardinality(parents) > 0 then others := holdfast.wake(parents) or others; end if;
  end if;
  return query select e, others from unnest(ended) e;
end $$;

-- Takes one job out of its claim; false when the claim is not ours any more.
create function holdfast.give_back(claim_id bigint, job bigint) returns boolean language plpgsql as $$
begin
  update holdfast.claim c set ids[array_position(c.ids, job)] = 0 where c.id = claim_id and job = any(c.ids);
  return found;
end $$;

-- Puts a claimed job back to run after `delay`: a retry, a snooze, or (delay zero, ending null) a drain that never started it.
create function holdfast.postpone(claim_id bigint, job bigint, made smallint, lost smallint, delay interval,
                                  ending text, error text, started timestamptz, worker bigint) returns boolean language plpgsql as $$
declare
  j holdfast.job;
begin
  -- A completion whose commit got no answer may have gone through.
  if not holdfast.give_back(claim_id, job) or exists (select from holdfast.done d where d.id = job) then return false; end if;
  if ending is not null then
    insert into holdfast.attempt (id, number, started_at, worker, ending, error)
      values (job, case when ending = 'snoozed' then made + 1 else made end, started, worker, ending, error);
  end if;
  select * into strict j from holdfast.job x where x.id = job;
  insert into holdfast.later (id, run_at, kind, priority, attempts, losses, lane, holds_lane)
    values (job, clock_timestamp() + delay, j.kind, j.priority, made, lost, holdfast.lane_hash(j.lane), j.lane is not null);
  return true;
end $$;

-- Records a step of a workflow and puts its job in; a step that is there already keeps its child.
create function holdfast.start_step(claim_id bigint, parent bigint, root bigint, name text, kind text, payload json, tenant bigint, key text,
                                    lane text, priority smallint, unique_for interval) returns bigint language plpgsql as $$
declare
  child_id bigint;
begin
  perform from holdfast.claim c where c.id = claim_id and start_step.parent = any(c.ids) for key share;
  if not found then return null; end if;
  select s.child into child_id from holdfast.step s where s.parent = start_step.parent and s.name = start_step.name;
  if found then return child_id; end if;
  select e.id into child_id from holdfast.enqueue(kind, payload, tenant, key, lane, priority, null, unique_for, null, null, parent, name, root) e;
  insert into holdfast.step (parent, name, child) values (start_step.parent, start_step.name, child_id);
  return child_id;
end $$;

-- Steps without key or lane, of many workflows at one time. A step that is `direct` starts at once in the worker that
-- asks, which has a slot for it: its job goes straight into a claim. Not returned: workflows whose claim is gone.
create function holdfast.start_steps(worker bigint, claims bigint[], parents bigint[], roots bigint[], names text[], kinds smallint[],
                                     payloads json[], tenants bigint[], priorities smallint[], direct boolean[])
returns table (n bigint, child bigint, existed boolean, claim bigint, at timestamptz) language plpgsql as $$
#variable_conflict use_column
declare
  live bigint[];
begin
  live := array(select c.id from holdfast.claim c where c.id = any(start_steps.claims) for key share);
  return query
    with asked as materialized (
      select a.* from unnest(start_steps.claims, start_steps.parents, start_steps.roots, start_steps.names, start_steps.kinds, start_steps.payloads,
                             start_steps.tenants, start_steps.priorities, start_steps.direct)
        with ordinality a(claim, parent, root, name, kind, payload, tenant, priority, direct, n)
      where a.claim = any(live)
    ), fresh as (
      insert into holdfast.step as s (parent, name, child) select a.parent, a.name, holdfast.next_id() from asked a order by a.n
        on conflict do nothing returning s.parent, s.name, s.child
    ), begun as materialized (
      select a.*, f.child from asked a join fresh f on f.parent = a.parent and f.name = a.name
    ), put as (
      insert into holdfast.job (id, kind, priority, tenant, root, parent, step, payload)
        select b.child, b.kind, b.priority, b.tenant, b.root, b.parent, b.name, b.payload from begun b
    ), claimed as (
      insert into holdfast.claim as c (worker, ids, attempts, losses)
        select start_steps.worker, array_agg(b.child order by b.n), array_fill(0::smallint, array[count(*)::integer]), array_fill(0::smallint, array[count(*)::integer])
        from begun b where b.direct having count(*) > 0 returning c.id
    ), queued as (
      insert into holdfast.ready (id, kind, priority) select b.child, b.kind, b.priority from begun b where not b.direct
    )
    select a.n, coalesce(b.child, s.child), b.child is null, case when b.direct then (select c.id from claimed c) end, clock_timestamp()
    from asked a
    left join begun b on b.n = a.n
    left join holdfast.step s on b.child is null and s.parent = a.parent and s.name = a.name;
end $$;

-- Takes the oldest signal of this name into the workflow's journal, once; or notes until when to wait for one.
create function holdfast.receive(claim_id bigint, job bigint, name text, wait interval, out arrived json, out until timestamptz, out fenced boolean)
language plpgsql as $$
declare
  taken text;
begin
  perform from holdfast.claim c where c.id = claim_id and receive.job = any(c.ids) for key share;
  fenced := not found;
  if fenced then return; end if;
  insert into holdfast.step (parent, name, wake_at) values (job, name, coalesce(clock_timestamp() + wait, 'infinity')) on conflict do nothing;
  select s.output, s.wake_at into arrived, until from holdfast.step s where s.parent = receive.job and s.name = receive.name;
  if arrived is not null or until <= clock_timestamp() then return; end if;
  select s.id, s.payload into taken, arrived from holdfast.signal s
    where s.job = receive.job and s.name = receive.name order by s.at, s.id limit 1;
  if found then
    delete from holdfast.signal s where s.job = receive.job and s.name = receive.name and s.id = taken;
    update holdfast.step s set output = arrived where s.parent = receive.job and s.name = receive.name;
  end if;
end $$;

-- Lays a workflow aside until one of these steps ends, one of these signals comes, or wake_at. A null wake_at waits for ever.
create function holdfast.park(claim_id bigint, job bigint, made smallint, lost smallint, wake timestamptz, children bigint[], signals text[])
returns boolean language plpgsql as $$
declare
  j holdfast.job;
begin
  if not holdfast.give_back(claim_id, job) then return false; end if;
  perform pg_advisory_xact_lock(job);
  select * into strict j from holdfast.job x where x.id = job;
  if exists (select from holdfast.done d where d.id = any(children))
     or exists (select from holdfast.signal s where s.job = park.job and s.name = any(signals)) then
    insert into holdfast.ready (id, kind, priority, attempts, losses, lane, holds_lane)
      values (job, j.kind, j.priority, made, lost, holdfast.lane_hash(j.lane), j.lane is not null);
  else
    insert into holdfast.later (id, run_at, kind, priority, attempts, losses, lane, holds_lane, wakeable)
      values (job, coalesce(wake, 'infinity'), j.kind, j.priority, made, lost, holdfast.lane_hash(j.lane), j.lane is not null, true);
  end if;
  return true;
end $$;

-- Gives a workflow a signal; the first one with an id wins. False when the workflow has ended or never was.
create function holdfast.signal(job bigint, name text, id text, payload json) returns boolean language plpgsql as $$
begin
  if not exists (select from holdfast.job j where j.id = signal.job)
     or exists (select from holdfast.done d where d.id = signal.job) then
    return false;
  end if;
  insert into holdfast.signal (job, name, id, payload) values (signal.job, signal.name, signal.id, signal.payload) on conflict do nothing;
  perform holdfast.wake(array[signal.job]);
  return true;
end $$;

-- Runs again what one claim left, whose worker is dead or never heard of it. Returns how many jobs.
create function holdfast.rescue_claim(claim_id bigint, why text) returns integer language plpgsql as $$
declare
  c holdfast.claim;
  rescued integer;
begin
  -- A completion that is just being committed holds this lock; it is seen below.
  select * into c from holdfast.claim x where x.id = claim_id for update;
  if not found then return 0; end if;
  with lost as (
    select l.id, l.attempts, l.losses from unnest(c.ids, c.attempts, c.losses) l(id, attempts, losses)
    where l.id <> 0 and not exists (select from holdfast.done d where d.id = l.id)
  ), noted as (
    insert into holdfast.attempt (id, number, started_at, worker, ending, error)
      select l.id, l.attempts + 1, c.at, c.worker, 'lost', why from lost l
  )
  insert into holdfast.ready (id, kind, priority, attempts, losses, lane, holds_lane)
    select j.id, j.kind, j.priority, l.attempts, l.losses + 1, holdfast.lane_hash(j.lane), j.lane is not null
    from lost l join holdfast.job j on j.id = l.id;
  get diagnostics rescued = row_count;
  delete from holdfast.claim x where x.id = claim_id;
  return rescued;
end $$;

-- Runs again what dead workers left. Dead: no beat for `silent`, or no beat for `gone` and its connection (which holds
-- an advisory lock under its id) is closed.
create function holdfast.rescue(silent interval, gone interval) returns integer language plpgsql as $$
declare
  w bigint;
  total integer := 0;
begin
  for w in
    select k.id from holdfast.worker k
    where k.beat_at < clock_timestamp() - silent
       or (k.beat_at < clock_timestamp() - gone
           and not exists (select from pg_locks p where p.locktype = 'advisory' and p.database = (select d.oid from pg_database d where d.datname = current_database())
                           and p.classid = 1213156420 and p.objid = (k.id % 2147483648)::oid))
    order by k.id limit 10 for update skip locked
  loop
    total := total + coalesce((select sum(holdfast.rescue_claim(x.id, 'the worker died'))
                               from (select c.id from holdfast.claim c where c.worker = w order by c.id) x), 0);
    delete from holdfast.worker k where k.id = w;
  end loop;
  return total;
end $$;

-- A claim whose answer was lost on its way to a living worker: nobody else would ever run its jobs.
create function holdfast.disown(worker bigint, known bigint[], older interval) returns integer language sql as $$
  select coalesce(sum(holdfast.rescue_claim(x.id, 'the worker never got it')), 0)::integer
  from (select c.id from holdfast.claim c
        where c.worker = disown.worker and c.id <> all(known) and c.at < clock_timestamp() - older order by c.id) x
$$;

-- From any job up to its root and down again: the whole story of one cause.
create view holdfast.job_state as
  select j.id, k.name as kind, j.tenant, j.root, j.parent, j.step, j.key, j.lane, j.created_at,
         case when d.id is not null then (array['completed', 'dead', 'cancelled'])[d.outcome + 1]
              when exists (select from holdfast.ready r where r.id = j.id) then 'ready'
              when exists (select from holdfast.blocked b where b.id = j.id) then 'blocked'
              when l.id is not null then case when l.wakeable then 'waiting' when l.attempts > 0 then 'retrying' else 'scheduled' end
              else 'running' end as state,
         l.run_at, d.attempts, d.started_at, d.finished_at, d.output, j.payload
  from holdfast.job j
  join holdfast.kind k on k.id = j.kind
  left join holdfast.later l on l.id = j.id
  left join holdfast.done d on d.id = j.id;

grant select on holdfast.job_state to holdfast_app;
grant execute on all functions in schema holdfast to holdfast_app;
