-- How jobs are put in, and become due. With the four files after it, it takes the place of all functions of
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

-- What an idle worker would start at once: the next plain job of such a kind goes straight into a claim of that worker,
-- which need not ask for it. After a crash of the server there are none, until workers rest again.
create unlogged table holdfast.offer (
  worker bigint constraint offer_pkey primary key constraint offer_worker references holdfast.worker on delete cascade,
  kinds smallint[] not null,
  is_open boolean not null default true
);
grant select, insert, update, delete on holdfast.offer to holdfast_app;

alter table holdfast.claim add column offered boolean not null default false;
comment on column holdfast.claim.offered is 'Its job was put in straight into it; the worker is told by a notification.';

-- The version of these functions: a worker starts only with one that it knows.
create function holdfast.protocol() returns integer language sql immutable return 6;

create function holdfast.rank_at(at timestamptz, id bigint) returns bigint language sql immutable
return holdfast.id_at(greatest(at, '1970-01-01Z')) | (id & 1048575);

create function holdfast.is_open(job bigint) returns boolean language sql stable
return exists (select from holdfast.job j where j.id = is_open.job) and not exists (select from holdfast.done d where d.id = is_open.job);

-- ---------------------------------------------------------------- putting in

-- Takes up the offer of a worker for a job of this kind. Null: there is none, or others wait already, or the job is
-- more than a notification carries. Whoever holds an offer just now is passed by, so that nobody waits here.
create function holdfast.take_offer(kind smallint, payload json) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  taken bigint;
begin
  if not exists (select from holdfast.offer o where o.is_open and kind = any(o.kinds)) or octet_length(payload::text) > 6000
     or (select r.id from holdfast.ready r where r.kind = kind order by r.priority, r.tenant, r.rank limit 1) is not null
     or exists (select from holdfast.pause) then
    return null;
  end if;
  update holdfast.offer o set is_open = false
    where o.ctid = (select x.ctid from holdfast.offer x where x.is_open and kind = any(x.kinds) limit 1 for update skip locked)
    returning o.worker into taken;
  return taken;
end $$;

-- Puts a job that was just written into a claim of this worker, and tells it all of the job. Returns the claim.
create function holdfast.start_at(worker bigint, id bigint, kind smallint, tenant bigint, root bigint, parent bigint, payload json, trace text)
returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  claim bigint;
begin
  insert into holdfast.claim as c (worker, ids, attempts, losses, offered) values (worker, array[id], array[0::smallint], array[0::smallint], true)
    returning c.id into claim;
  perform pg_notify('holdfast_' || worker, json_build_object(
    'claim', claim, 'id', id, 'kind', kind, 'attempts', 0, 'losses', 0, 'lane', null, 'tenant', tenant, 'root', root, 'parent', parent,
    'created_at', now(), 'at', clock_timestamp(), 'trace', trace, 'payload', payload)::text);
  return claim;
end $$;

-- One job, on the caller's transaction. `duplicate` tells that the id is an earlier job's; `offered`, that a worker has
-- been told of it. A key is held until its time is over and its job has ended, whichever comes last.
create function holdfast.put(
  kind smallint, payload json, tenant bigint, key text, lane text, priority smallint, run_at timestamptz, unique_for interval,
  debounce_wait interval, debounce_max interval, limit_key text, trace text, parent bigint, step text, root bigint,
  out id bigint, out duplicate boolean, out offered boolean
) language plpgsql as $$
#variable_conflict use_variable
declare
  existing bigint;
  started timestamptz;
  ends timestamptz;
  n integer;
  idle bigint;
begin
  id := holdfast.next_id();
  duplicate := false;
  offered := false;
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
    idle := case when lane is null then holdfast.take_offer(kind, payload) end;
    if idle is not null then
      perform holdfast.start_at(idle, id, kind, tenant, coalesce(root, id), parent, payload, trace);
      offered := true;
      return;
    end if;
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
-- others of its kind wait; without, where an idle worker offered to. Then there is a claim.
create function holdfast.put_now(kind smallint, payload json, tenant bigint, priority smallint, limit_key text, trace text, worker bigint, nudge boolean,
                                 out id bigint, out claim bigint, out at timestamptz) language plpgsql as $$
#variable_conflict use_variable
begin
  id := holdfast.next_id();
  insert into holdfast.job (id, kind, priority, tenant, root, payload, limit_key, trace)
    values (id, kind, priority, tenant, id, payload, limit_key, trace);
  if worker is null then
    worker := holdfast.take_offer(kind, payload);
    if worker is not null then
      claim := holdfast.start_at(worker, id, kind, tenant, id, null, payload, trace);
      return;
    end if;
  elsif (select r.id from holdfast.ready r where r.kind = kind order by r.priority, r.tenant, r.rank limit 1) is null
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
  offered boolean;
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
  select p.id, p.duplicate, p.offered into id, duplicate, offered
    from holdfast.put(k.id, payload, coalesce(tenant, 0), coalesce(key, ''), lane, coalesce(priority::smallint, k.priority), run_at, coalesce(unique_for, k.unique_for),
                      debounce_wait, coalesce(debounce_max, debounce_wait * 4), limit_key, trace, null, null, null) p;
  -- Once a transaction, and only for what can start; workers of Holdfast's own processes are woken without it.
  if not duplicate and not offered and debounce_wait is null and (run_at is null or run_at <= clock_timestamp()) then
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
