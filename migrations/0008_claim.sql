-- How workers take jobs, and tell how they ended.

-- ---------------------------------------------------------------- claiming

-- Fetches for one worker: at most free[i] jobs of kinds[i]; the most urgent priority of each kind, shared between
-- tenants by their weights. Due jobs are promoted on the way. `gated` are the kinds with limits or a breaker.
-- Where dead rows that nobody may clean away yet lie before the living, the worker passes what it knows of the queues:
-- of kind, priority and tenant only what comes after a rank. `walk_ms` tells how long the way to the first living one was.
create function holdfast.claim(worker bigint, kinds smallint[], free integer[], gated smallint[] default '{}',
                               known_kinds smallint[] default null, known_priorities smallint[] default null, known_tenants bigint[] default null,
                               known_ranks bigint[] default null)
returns table (claim bigint, id bigint, kind smallint, attempts smallint, losses smallint, lane bigint, tenant bigint, root bigint, parent bigint,
               step text, key text, payload json, created_at timestamptz, priority smallint, rank bigint, trace text, due_at timestamptz, walk_ms double precision)
language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_bitmapscan = off set jit = off as $$
#variable_conflict use_column
declare
  begun timestamptz;
  walk double precision := 0;
  few tid[];
  crowded boolean;
  -- The first job of each kind, which the look at the few has found.
  head_kinds smallint[];
  head_priorities smallint[];
  head_tenants bigint[];
  head_ranks bigint[];
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
    begun := clock_timestamp();
    select array_agg(c.row), bool_or(c.nth > least(k.n, 50)), array_agg(k.kind) filter (where c.nth = 1), array_agg(c.priority) filter (where c.nth = 1),
           array_agg(c.tenant) filter (where c.nth = 1), array_agg(c.rank) filter (where c.nth = 1)
      into few, crowded, head_kinds, head_priorities, head_tenants, head_ranks
      from unnest(claim.kinds, claim.free) k(kind, n)
      cross join lateral (select x.*, row_number() over () as nth from (
        select r.ctid as row, r.priority, r.tenant, r.rank from holdfast.ready r where r.kind = k.kind
        order by r.priority, r.tenant, r.rank limit least(k.n, 50) + 1) x) c;
    if few is null then return; end if;
    walk := extract(epoch from clock_timestamp() - begun) * 1000;
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
      select k.kind, k.n, h.priority, f.tenant, h.tenant as lowest, f.tenant as first, f.tenant = h.tenant as turned,
             -- Dead rows before the first job are not walked over again.
             case when f.tenant = h.tenant then h.rank - 1 else -9223372036854775808 end as after, 1 as nth
        from unnest(claim.kinds, claim.free) k(kind, n)
        join unnest(head_kinds, head_priorities, head_tenants, head_ranks) h(kind, priority, tenant, rank) on h.kind = k.kind
        cross join lateral (
          select case when pivot = 0 then h.tenant else
            (select r.tenant from holdfast.ready r where r.kind = k.kind and r.priority = h.priority and r.tenant >= h.tenant + (pivot * (
               (select r2.tenant from holdfast.ready r2 where r2.kind = k.kind and r2.priority = h.priority order by r2.tenant desc, r2.rank desc limit 1)
               - h.tenant))::bigint order by r.tenant, r.rank limit 1) end as tenant) f
        where claim.known_kinds is null
      union all
      select q.kind, q.n, q.priority, coalesce(h.tenant, q.lowest), q.lowest, q.first, q.turned or h.tenant is null, -9223372036854775808, q.nth + 1 from queue q
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
                        clock_timestamp(), 0::smallint, 0::bigint, null::text, clock_timestamp(), walk where whole;
    return;
  end if;
  return query
    with ours as (
      insert into holdfast.claim as c (worker, ids, attempts, losses)
        select claim.worker, array_agg(m.id), array_agg(m.attempts), array_agg(m.losses) from unnest(mine) m returning c.id
    )
    select o.id, j.id, j.kind, m.attempts, m.losses, m.lane, j.tenant, j.root, j.parent, j.step, j.key, j.payload, j.created_at,
           m.priority, m.rank, j.trace, to_timestamp((m.rank >> 20) / 1000.0), walk
    from ours o cross join unnest(mine) m cross join lateral (select x.* from holdfast.job x where x.id = m.id limit 1) j
    order by m.priority, m.rank;
end $$;

-- A worker that found nothing tells which kinds of jobs it would start at once. Whoever takes its offer up just now holds
-- the row: then it stays as it is. `due`: in how many seconds the next scheduled job is due (null: not within one);
-- `sent`: claims that came by an offer, and of which it should have heard.
create function holdfast.rest(worker bigint, kinds smallint[], out due double precision, out sent bigint[]) language plpgsql as $$
#variable_conflict use_variable
begin
  update holdfast.offer o set is_open = true, kinds = rest.kinds where o.ctid = any(array(
    select x.ctid from holdfast.offer x where x.worker = rest.worker and not (x.is_open and x.kinds = rest.kinds) for update skip locked));
  if not found and not exists (select from holdfast.offer x where x.worker = rest.worker) then
    insert into holdfast.offer as x (worker, kinds) values (worker, kinds) on conflict do nothing;
  end if;
  due := (select extract(epoch from min(l.run_at) - clock_timestamp()) from holdfast.later l where l.run_at < statement_timestamp() + interval '1 s');
  sent := array(select c.id from holdfast.claim c where c.worker = rest.worker and c.offered and c.at < clock_timestamp() - interval '250 ms');
end $$;

-- The jobs of these claims, as `start_at` tells of them.
create function holdfast.tell(claims bigint[]) returns setof json language sql stable as $$
  select json_build_object('claim', c.id, 'id', j.id, 'kind', j.kind, 'attempts', 0, 'losses', 0, 'lane', null, 'tenant', j.tenant, 'root', j.root,
                           'parent', j.parent, 'created_at', j.created_at, 'at', c.at, 'trace', j.trace, 'payload', j.payload)
  from holdfast.claim c cross join lateral (select x.* from holdfast.job x where x.id = c.ids[1] limit 1) j
  where c.id = any(claims) and (select d.id from holdfast.done d where d.id = j.id limit 1) is null
$$;

-- The worker has enough to do.
create function holdfast.withdraw(worker bigint) returns void language sql as $$
  update holdfast.offer o set is_open = false where o.ctid = any(array(
    select x.ctid from holdfast.offer x where x.worker = withdraw.worker and x.is_open for update skip locked))
$$;

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
