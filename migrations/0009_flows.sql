-- Workflows: their steps, signals and rests; and what people do by hand.

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
  -- What is kept for a while does not go away under our hands (0012_retention.sql).
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
