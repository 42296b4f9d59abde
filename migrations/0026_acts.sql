-- What people do to jobs one by one, and what they see of the house as a whole.

-- ---------------------------------------------------------------- acts

create table holdfast.revision (
  job bigint not null,
  number integer not null,
  payload json not null,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (job, number),
  constraint revision_payload_size check (octet_length(payload::text) <= 1048576),
  constraint revision_by check (btrim(by) <> '' and length(by) <= 200)
);
comment on table holdfast.revision is 'Arguments that somebody replaced before a retry: the former ones, who replaced them, and when.';

-- Those of these jobs that this tenant has; null: those of anybody.
create function holdfast.in_sight(jobs bigint[], tenant bigint) returns bigint[] language sql stable as $$
  select array(select distinct i from unnest(in_sight.jobs) i
               cross join lateral (select j.tenant from holdfast.job j where j.id = i limit 1) j
               where in_sight.tenant is null or j.tenant = in_sight.tenant)
$$;

-- Where a job stands, in the words of `job_state`; 'ended' when it has, 'unknown' when it never was.
create function holdfast.stands(job bigint) returns text language sql stable as $$
  select coalesce((select case when s.state in ('completed', 'dead', 'cancelled') then 'ended' else s.state end
                   from holdfast.job_state s where s.id = stands.job), 'unknown')
$$;

-- Jobs that wait for a time wait no longer. For each: 'due', or where it stands: nothing was done then.
create function holdfast.run_now(jobs bigint[]) returns table (job bigint, result text) language plpgsql as $$
#variable_conflict use_column
declare
  due bigint[];
begin
  due := array(select l.id from holdfast.later l where l.id = any(run_now.jobs) and not l.wakeable order by l.id for update);
  update holdfast.later l set run_at = clock_timestamp() where l.id = any(due) and l.run_at > clock_timestamp();
  if due <> '{}' then perform pg_notify('holdfast', ''); end if;
  return query select x, case when x = any(due) then 'due' else holdfast.stands(x) end from (select distinct u from unnest(run_now.jobs) u) y(x);
end $$;

-- Jobs that could start, or wait for a time, wait until then, at no cost. One that holds its lane keeps it; one that was
-- on its way to its lane comes to it when its time has come. For each: 'snoozed', or where it stands: nothing was done then.
create function holdfast.snooze(jobs bigint[], until timestamptz) returns table (job bigint, result text) language plpgsql as $$
#variable_conflict use_column
declare
  candidates bigint[];
  free_lanes bigint[];
  moved bigint[];
  put_off bigint[];
begin
  candidates := array(select r.id from holdfast.ready r where r.id = any(snooze.jobs));
  free_lanes := holdfast.lock_lanes(array(select distinct r.lane from holdfast.ready r where r.id = any(candidates) and r.lane is not null));
  with gone as (
    delete from holdfast.ready x where x.ctid = any(array(
      select y.ctid from holdfast.ready y where y.id = any(candidates) for update skip locked)) returning x.*
  ), put as (
    insert into holdfast.later (id, run_at, tenant, kind, priority, attempts, losses, lane, holds_lane)
      select g.id, snooze.until, g.tenant, g.kind, g.priority, g.attempts, g.losses, g.lane, g.holds_lane from gone g
  )
  select coalesce(array_agg(g.id), '{}') into moved from gone g;
  -- Others may have waited in their lane behind one that was on its way.
  insert into holdfast.ready select a.* from holdfast.advance_lanes(free_lanes) a;
  if found then perform pg_notify('holdfast', ''); end if;
  put_off := array(select l.id from holdfast.later l where l.id = any(snooze.jobs) and l.id <> all(moved) and not l.wakeable order by l.id for update);
  update holdfast.later l set run_at = snooze.until where l.id = any(put_off);
  return query
    select x, case when x = any(moved || put_off) then 'snoozed' else holdfast.stands(x) end from (select distinct u from unnest(snooze.jobs) u) y(x);
end $$;

-- A job and all steps below it that no other workflow uses.
create function holdfast.own_steps(job bigint) returns setof bigint language sql stable as $$
  with recursive below as (
    select own_steps.job as id
    union
    select c.id from below b join holdfast.step s on s.parent = b.id and s.child is not null
      cross join lateral (select j.id from holdfast.job j where j.id = s.child and j.parent = b.id limit 1) c
      where not exists (select from holdfast.step o join holdfast.job p on p.id = o.parent where o.child = c.id and o.parent <> b.id)
  )
  select b.id from below b
$$;

-- Removes ended jobs with all that belongs to them, of workflows their steps, too; the lane that a dead one parked is let
-- go. Keys (`uniq`) stay taken for as long as was promised. For each: 'deleted', 'not_ended' (or a step of it has not),
-- 'is_step' (a workflow reads its result), 'has_open_effect' (settle it first) or 'unknown'.
create function holdfast.delete_ended(jobs bigint[]) returns table (job bigint, result text) language plpgsql as $$
#variable_conflict use_column
declare
  steps bigint[];
begin
  -- Nobody retries, forks or erases meanwhile.
  perform pg_advisory_xact_lock(hashtextextended('holdfast.prune', 0));
  for job in select distinct x from unnest(delete_ended.jobs) x order by x loop
    steps := array(select o from holdfast.own_steps(job) o);
    result := case
      when not exists (select from holdfast.job j where j.id = job) then 'unknown'
      when exists (select from unnest(steps) x where (select d.id from holdfast.done d where d.id = x limit 1) is null) then 'not_ended'
      when exists (select from holdfast.step s join holdfast.job p on p.id = s.parent where s.child = job) then 'is_step'
      when exists (select from holdfast.effect e where e.job = any(steps) and e.state in ('sent', 'unknown')) then 'has_open_effect'
      else 'deleted' end;
    if result = 'deleted' then perform holdfast.remove(steps); end if;
    return next;
  end loop;
end $$;

create function holdfast.remove(jobs bigint[]) returns void language sql as $$
  -- A claim that others of its batch are still in names those that ended, too: whoever rescued it would miss their end.
  update holdfast.claim c set ids = array(select case when i = any(jobs) then 0 else i end from unnest(c.ids) with ordinality u(i, n) order by n)
    where c.ids && jobs;
  select holdfast.unpark_lane(j.lane) from holdfast.job j join holdfast.lane l on l.lane = holdfast.lane_hash(j.lane) and l.holder = j.id
    where j.id = any(jobs);
  delete from holdfast.job where id = any(jobs);
  select holdfast.forget(jobs);
  delete from holdfast.slot where job = any(jobs);
  delete from holdfast.attempt where id = any(jobs);
  delete from holdfast.done where id = any(jobs);
$$;

-- Runs a dead or cancelled job once more with other arguments; the former ones are kept. Returns what `retry` says of it.
create function holdfast.retry_edited(job bigint, payload json, by text) returns text language plpgsql as $$
#variable_conflict use_variable
declare
  result text;
begin
  select r.result into result from holdfast.retry(array[job]) r;
  if result = 'retried' then
    insert into holdfast.revision (job, number, payload, by)
      select j.id, 1 + coalesce((select max(r.number) from holdfast.revision r where r.job = j.id), 0), j.payload, by from holdfast.job j where j.id = job;
    update holdfast.job j set payload = payload where j.id = job;
  end if;
  return result;
end $$;

-- A new job like this one, without its key; `payload` null keeps its arguments. Steps belong to their workflow's run.
create function holdfast.duplicate(job bigint, payload json, out copy bigint, out result text) language plpgsql as $$
#variable_conflict use_variable
declare
  old holdfast.job;
  told boolean;
begin
  select * into old from holdfast.job j where j.id = job;
  result := case when old.id is null then 'unknown' when old.parent is not null then 'is_step' else 'duplicated' end;
  if result <> 'duplicated' then return; end if;
  select p.id, p.offered into copy, told
    from holdfast.put(old.kind, coalesce(payload, old.payload), old.tenant, '', old.lane, old.priority, null, '0', null, null, old.limit_key, old.trace, null, null, null) p;
  update holdfast.job j set forked_from = job where j.id = copy;
  if not told then perform pg_notify('holdfast', ''); end if;
end $$;

-- Ends what `force_breaker` began: an open one tries again, a closed one decides for itself. False: nobody had forced it.
create function holdfast.unforce_breaker(rule text, tenant bigint) returns boolean language plpgsql as $$
#variable_conflict use_variable
declare
  gate bigint := holdfast.gate_id(rule, tenant, '*breaker');
begin
  update holdfast.breaker b
    set until = case when b.state = 'open' then clock_timestamp() end, reason = case when b.state = 'open' then b.reason end, forced_by = null
    where b.id = gate and b.forced_by is not null and b.until > clock_timestamp();
  return found;
end $$;

-- Settles by hand what the ledger does not know the end of. 'settled'; 'running' (its job is just at it: only an arrival
-- is certain then); 'not_open' (nobody waits for its end) or 'unknown'. A job that waits for a time runs now.
create function holdfast.settle_effect(key text, tenant bigint, state text, reference text, reason text) returns text language plpgsql as $$
#variable_conflict use_variable
declare
  e holdfast.effect;
begin
  select x.* into e from holdfast.effect x
    where x.key = key and (tenant is null or exists (select from holdfast.job j where j.id = x.job and j.tenant = tenant)) for update;
  if not found then return 'unknown'; end if;
  if e.state not in ('sent', 'unknown') then return 'not_open'; end if;
  if state <> 'confirmed' and exists (select from holdfast.claim c where e.job = any(c.ids)) then return 'running'; end if;
  update holdfast.effect x set state = state, reference = coalesce(reference, x.reference), reason = reason,
      settled_at = case when state <> 'planned' then clock_timestamp() end where x.key = key;
  update holdfast.later l set run_at = clock_timestamp() where l.id = e.job and not l.wakeable and l.run_at > clock_timestamp();
  perform pg_notify('holdfast', '');
  return 'settled';
end $$;

-- ---------------------------------------------------------------- what is kept and forgotten

-- As in 0012_retention.sql, and former arguments.
create or replace function holdfast.forget(jobs bigint[]) returns void language sql as $$
  delete from holdfast.step where parent = any(jobs);
  delete from holdfast.merged where job = any(jobs);
  delete from holdfast.revision where job = any(jobs);
  delete from holdfast.signal where job = any(jobs);
  delete from holdfast.progress where job = any(jobs);
  delete from holdfast.cancellation where job = any(jobs);
  delete from holdfast.effect where job = any(jobs) and state not in ('sent', 'unknown');
$$;

create or replace function holdfast.sweep_orphans(before timestamptz, most integer) returns integer language plpgsql as $$
declare
  below bigint := holdfast.id_at(before);
  orphans bigint[];
begin
  orphans := array(
    (select s.parent from holdfast.step s where s.parent < below and not exists (select from holdfast.job j where j.id = s.parent) order by s.parent limit most)
    union (select m.job from holdfast.merged m where m.job < below and not exists (select from holdfast.job j where j.id = m.job) order by m.job limit most)
    union (select r.job from holdfast.revision r where r.job < below and not exists (select from holdfast.job j where j.id = r.job) order by r.job limit most)
    union (select s.job from holdfast.signal s where s.job < below and not exists (select from holdfast.job j where j.id = s.job) order by s.job limit most)
    union (select p.job from holdfast.progress p where p.job < below and not exists (select from holdfast.job j where j.id = p.job) order by p.job limit most)
    union (select e.job from holdfast.effect e where e.job < below and e.state not in ('sent', 'unknown')
             and not exists (select from holdfast.job j where j.id = e.job) order by e.job limit most));
  perform holdfast.forget(orphans);
  return cardinality(orphans);
end $$;

-- As in 0021_forgetting.sql, and former arguments: nothing reads them, so that they go even while the job goes on.
create or replace function holdfast.erase(jobs bigint[]) returns integer language plpgsql as $$
declare
  erased bigint[];
  fresh integer;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holdfast.prune', 0));
  -- A workflow that goes on still reads what its steps said; whoever retries one just now keeps it.
  erased := array(select d.id from holdfast.job j join holdfast.done d on d.id = j.id
                  where (j.id = any(jobs) or j.root = any(jobs))
                    and (exists (select from holdfast.done r where r.id = j.root) or not exists (select from holdfast.job r where r.id = j.root))
                  order by d.id for update of d skip locked);
  select count(*) into fresh from holdfast.job j where j.id = any(erased) and j.payload::text <> 'null';
  update holdfast.job j set payload = 'null', key = '', limit_key = null, trace = null,
      lane = case when exists (select from holdfast.lane l where l.lane = holdfast.lane_hash(j.lane) and l.holder = j.id) then j.lane end
    where j.id = any(erased);
  update holdfast.done d set output = null where d.id = any(erased) and d.output is not null;
  update holdfast.attempt a set error = null where a.id = any(erased) and a.error is not null;
  update holdfast.step s set output = 'null' where (s.parent = any(erased) or s.child = any(erased)) and s.output is not null;
  update holdfast.merged m set payload = 'null' where m.job = any(erased);
  update holdfast.revision r set payload = 'null' where r.job = any(erased || jobs);
  update holdfast.effect e set reason = null, reference = null where e.job = any(erased) and num_nonnulls(e.reason, e.reference) > 0;
  delete from holdfast.signal s where s.job = any(erased);
  delete from holdfast.progress p where p.job = any(erased);
  delete from holdfast.cancellation c where c.job = any(erased);
  return fresh;
end $$;

create or replace function holdfast.mentions(tenant bigint, words text[], tokens text[], after bigint, most integer,
                                  out searched integer, out hits bigint[], out next bigint) language plpgsql stable set jit = off as $$
#variable_conflict use_variable
declare
  batch bigint[];
  ids bigint[];
begin
  select array_agg(b.id order by b.id), array_agg(b.id) filter (where b.tenant = tenant) into batch, ids
    from (select j.id, j.tenant from holdfast.job j where j.id > after order by j.id limit most) b;
  next := case when cardinality(batch) = most then batch[most] end;
  searched := coalesce(cardinality(ids), 0);
  with told as materialized (
    select j.id, concat_ws(' ', j.payload::text, j.key, j.lane, j.limit_key) as words from holdfast.job j where j.id = any(ids)
    union all select d.id, d.output::text from holdfast.done d where d.id = any(ids)
    union all select a.id, a.error from holdfast.attempt a where a.id = any(ids)
    union all select s.parent, s.output::text from holdfast.step s where s.parent = any(ids)
    union all select m.job, m.payload::text from holdfast.merged m where m.job = any(ids)
    union all select r.job, r.payload::text from holdfast.revision r where r.job = any(ids)
    union all select s.job, concat_ws(' ', s.name, s.id, s.payload::text) from holdfast.signal s where s.job = any(ids)
    union all select p.job, p.data::text from holdfast.progress p where p.job = any(ids)
    union all select c.job, c.reason from holdfast.cancellation c where c.job = any(ids)
    union all select e.job, concat_ws(' ', e.key, e.reference, e.reason) from holdfast.effect e where e.job = any(ids)
  )
  select coalesce(array_agg(x.id), '{}') into hits from (
    select t.id from told t where exists (select from unnest(words) w where strpos(t.words, w) > 0)
    union
    select t.id from told t cross join lateral regexp_matches(t.words, '[[:alnum:]+/=_.-]{6,}', 'g') m join unnest(tokens) k on k = m[1]) x;
end $$;

-- ---------------------------------------------------------------- throughput

create table holdfast.tally (
  minute timestamptz not null,
  kind smallint not null,
  worker bigint not null,
  completed bigint not null default 0,
  failed bigint not null default 0,
  dead bigint not null default 0,
  snoozed bigint not null default 0,
  run_ms bigint not null default 0,
  wait_ms bigint not null default 0,
  primary key (minute, kind, worker)
);
comment on table holdfast.tally is 'What each worker counted in a minute, written every few seconds: throughput without reading history.';

-- Minutes that nobody looks at any more. Returns how many rows.
create function holdfast.sweep_tally() returns bigint language sql as $$
  with gone as (delete from holdfast.tally t where t.minute < statement_timestamp() - interval '25 hours' returning 1) select count(*) from gone
$$;

-- ---------------------------------------------------------------- looking

-- What an error has in common with others of its sort: its first line without numbers, ids and quoted words.
create function holdfast.fingerprint(error text) returns text language sql immutable strict parallel safe as $$
  select left(regexp_replace(regexp_replace(regexp_replace(left(split_part(btrim(error, E' \t\r\n'), E'\n', 1), 600),
    '"[^"]*"|\Y''[^'']*''\Y|`[^`]*`|“[^”]*”|«[^»]*»', '"?"', 'g'),
    '\m[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\M|\m0x[0-9a-f]+\M|\m(?=[a-f]*\d)[0-9a-f]{8,}\M|\m(?=[a-z_]*\d)\w{16,}\M', '?', 'gi'),
    '\d+([.,:]\d+)*', '?', 'g'), 200)
$$;

-- What runs just now: each job that a worker has claimed and not ended. At most 10001 rows.
create function holdfast.running() returns table (job bigint, kind smallint, tenant bigint, worker bigint) language sql stable
set enable_seqscan = off set jit = off as $$
  select j.id, j.kind, j.tenant, c.worker
  from holdfast.claim c cross join unnest(c.ids) i
  cross join lateral (select x.id, x.kind, x.tenant from holdfast.job x where x.id = i limit 1) j
  where i <> 0 and (select d.id from holdfast.done d where d.id = i and d.finished_at >= c.at - interval '1 minute' limit 1) is null
  limit 10001
$$;

-- How many jobs of each kind stand where, of one tenant or (null) of all. Each count stops at 10001. Of jobs that wait for
-- a time, for a lane or at a gate, the first 10001 are looked at, whatever their kind.
create function holdfast.standing(tenant bigint) returns table (kind smallint, ready bigint, oldest_rank bigint, running bigint, scheduled bigint,
                                                                retrying bigint, waiting bigint, blocked bigint, held bigint, dead bigint) language sql stable
set enable_bitmapscan = off set enable_seqscan = off set jit = off as $$
  with recursive queue as (
    select k.id as kind, h.priority, h.tenant, h.rank, 1 as nth
      from holdfast.kind k
      cross join lateral (select r.priority, r.tenant, r.rank from holdfast.ready r where r.kind = k.id order by r.priority, r.tenant, r.rank limit 1) h
    union all
    select q.kind, h.priority, h.tenant, h.rank, q.nth + 1 from queue q
      cross join lateral (select r.priority, r.tenant, r.rank from holdfast.ready r
                          where r.kind = q.kind and (r.priority, r.tenant) > (q.priority, q.tenant) order by r.priority, r.tenant, r.rank limit 1) h
      where q.nth < 256
  ), heads as (
    -- A tenant's own may lie beyond the tenants that one look sees.
    select q.kind, min(q.rank) as rank from queue q where standing.tenant is null group by q.kind
    union all
    select l.kind, min(h.rank) from (select distinct q.kind, q.priority from queue q) l
      cross join lateral (select r.rank from holdfast.ready r where r.kind = l.kind and r.priority = l.priority and r.tenant = standing.tenant order by r.rank limit 1) h
      where standing.tenant is not null group by l.kind
  ), counted as (
    select h.kind, h.rank,
           case when standing.tenant is null then (select count(*) from (select from holdfast.ready r where r.kind = h.kind limit 10001) r)
                else (select count(*) from (select from (select distinct q.priority from queue q where q.kind = h.kind) l
                        cross join lateral (select from holdfast.ready r where r.kind = h.kind and r.priority = l.priority and r.tenant = standing.tenant limit 10001) r
                        limit 10001) r) end as n
    from heads h
  ), later as (
    select l.kind, count(*) filter (where not l.wakeable and l.attempts = 0) as scheduled, count(*) filter (where not l.wakeable and l.attempts > 0) as retrying,
           count(*) filter (where l.wakeable) as waiting
      from (select x.kind, x.wakeable, x.attempts, x.tenant from holdfast.later x order by x.run_at limit 10001) l
      where standing.tenant is null or l.tenant = standing.tenant group by l.kind
  ), blocked as (
    select b.kind, count(*) as n from (select x.kind, x.tenant from holdfast.blocked x limit 10001) b
      where standing.tenant is null or b.tenant = standing.tenant group by b.kind
  ), held as (
    select h.kind, count(*) as n from (select x.kind, x.tenant from holdfast.held x limit 10001) h
      where standing.tenant is null or h.tenant = standing.tenant group by h.kind
  ), running as (
    select r.kind, count(*) as n from holdfast.running() r where standing.tenant is null or r.tenant = standing.tenant group by r.kind
  )
  select k.id, coalesce(c.n, 0), c.rank, coalesce(r.n, 0), coalesce(l.scheduled, 0), coalesce(l.retrying, 0), coalesce(l.waiting, 0),
         coalesce(b.n, 0), coalesce(h.n, 0),
         (select count(*) from (select from holdfast.done d where d.kind = k.id and d.outcome <> 0 and d.outcome = 1
            and d.finished_at > statement_timestamp() - interval '24 hours' and (standing.tenant is null or d.tenant = standing.tenant) limit 10001) d)
  from holdfast.kind k left join counted c on c.kind = k.id left join running r on r.kind = k.id left join later l on l.kind = k.id
  left join blocked b on b.kind = k.id left join held h on h.kind = k.id
$$;

-- Pauses, of one tenant or (null) all there are.
create function holdfast.pauses(tenant bigint) returns json language sql stable as $$
  select coalesce(json_agg(json_build_object('kind', k.name, 'tenant', nullif(p.tenant, -1), 'reason', p.reason, 'by', p.by, 'at', p.at) order by p.at), '[]')
  from holdfast.pause p left join holdfast.kind k on k.id = p.kind where pauses.tenant is null or p.tenant = pauses.tenant
$$;

-- Breakers, of one tenant or (null) all that are not plainly closed, and one line for each rule.
create function holdfast.breakers(tenant bigint) returns json language sql stable as $$
  select coalesce(json_agg(json_build_object(
      'rule', r.name, 'tenant', nullif(t.tenant, -1), 'state', coalesce(b.state, 'closed'), 'since', b.since, 'until', case when b.until > statement_timestamp() then b.until end,
      'failures', coalesce(b.failures, 0), 'successes', coalesce(b.successes, 0), 'reason', b.reason,
      'forced_by', case when b.until > statement_timestamp() then b.forced_by end,
      'held', (select count(*) from (select from holdfast.held h where h.gate = b.id limit 10001) h),
      'kinds', (select coalesce(json_agg(k.name order by k.name), '[]') from holdfast.kind k where k.breaker = r.name))
      order by r.name, t.tenant), '[]')
  from holdfast.breaker_rule r
  cross join lateral (select -1::bigint as tenant where breakers.tenant is null
                      union select x.tenant from holdfast.breaker x
                        where x.rule = r.name and (x.state <> 'closed' or x.forced_by is not null and x.until > statement_timestamp())
                          and (breakers.tenant is null or x.tenant = breakers.tenant)) t
  left join holdfast.breaker b on b.rule = r.name and b.tenant = t.tenant
$$;

create function holdfast.unknown_effects(tenant bigint) returns json language sql stable as $$
  select json_build_object('unknown', count(*), 'oldest_at', min(e.sent_at))
  from (select x.sent_at from holdfast.effect x where x.state = 'unknown'
          and (unknown_effects.tenant is null or exists (select from holdfast.job j where j.id = x.job and j.tenant = unknown_effects.tenant))
        order by x.sent_at limit 10001) e
$$;

create function holdfast.limits() returns json language sql stable as $$
  with slots as (select g.rule, s.gate, count(*) as n from holdfast.slot s join holdfast.gate g on g.id = s.gate group by g.rule, s.gate),
       waiting as (select g.rule, count(*) as n from (select h.gate from holdfast.held h limit 10001) h join holdfast.gate g on g.id = h.gate group by g.rule)
  select coalesce(json_agg(json_build_object(
      'rule', l.name, 'scope', l.scope, 'running', l.running, 'rate', l.rate, 'per_ms', (extract(epoch from l.per) * 1000)::bigint,
      'used', coalesce((select max(s.n) from slots s where s.rule = l.name), 0), 'held', coalesce((select w.n from waiting w where w.rule = l.name), 0),
      'changed_by', l.changed_by, 'reason', l.reason, 'changed_at', case when l.changed_by is not null then l.changed_at end,
      'kinds', (select coalesce(json_agg(k.name order by k.name), '[]') from holdfast.kind k where l.name = any(k.limits))) order by l.name), '[]')
  from holdfast.limit_rule l
$$;

-- How the server fares: old snapshots, dead rows, connections, disk.
create function holdfast.database() returns json language sql stable as $$
  with activity as materialized (select * from pg_stat_activity a where a.pid <> pg_backend_pid()),
       old as (select age(a.backend_xmin) as xmin_age, a.xact_start from activity a where a.backend_xmin is not null order by 1 desc limit 1),
       longest as (select a.xact_start, a.state from activity a where a.xact_start is not null and a.backend_type = 'client backend' order by 1 limit 1)
  select json_build_object(
    'xmin_age', (select o.xmin_age from old o), 'xmin_seconds', (select extract(epoch from clock_timestamp() - o.xact_start) from old o),
    'longest_transaction_seconds', (select extract(epoch from clock_timestamp() - l.xact_start) from longest l),
    'longest_transaction_state', (select l.state from longest l),
    'connections', (select count(*) + 1 from activity a where a.backend_type = 'client backend'), 'connections_max', current_setting('max_connections')::integer,
    'waiting_on_locks', (select count(*) from activity a where a.wait_event_type = 'Lock'),
    'tables', (select coalesce(json_agg(json_build_object('name', t.relname, 'live', t.n_live_tup, 'dead', t.n_dead_tup, 'bytes', pg_total_relation_size(t.relid)) order by t.relname), '[]')
               from pg_stat_user_tables t where t.schemaname = 'holdfast'
                 and t.relname in ('ready', 'later', 'blocked', 'held', 'claim', 'lane', 'slot', 'worker', 'offer', 'uniq', 'step', 'effect', 'tally')),
    'history', (select coalesce(json_agg(json_build_object('name', h.name, 'partitions', h.n, 'bytes', h.bytes) order by h.name), '[]')
                from (select p.relname as name, count(*) as n, coalesce(sum(pg_total_relation_size(i.inhrelid)), 0)::bigint as bytes
                      from pg_class p join pg_inherits i on i.inhparent = p.oid
                      where p.relnamespace = 'holdfast'::regnamespace and p.relkind = 'p' group by p.relname) h))
$$;

-- All that the screens on the house show, at one moment.
create function holdfast.overview() returns json language sql stable set jit = off as $$
  with counted as materialized (
    select t.kind, t.minute, sum(t.completed) as completed, sum(t.failed) as failed, sum(t.completed + t.failed + t.snoozed) as attempts,
           sum(t.run_ms) as run_ms, sum(t.wait_ms) as wait_ms
      from holdfast.tally t where t.minute > date_trunc('minute', statement_timestamp()) - interval '60 minutes' group by t.kind, t.minute
  ), minutes as materialized (
    select m from generate_series(date_trunc('minute', statement_timestamp()) - interval '59 minutes', date_trunc('minute', statement_timestamp()), interval '1 minute') m
  ), lines as (
    select c.kind, json_agg(coalesce(x.completed, 0) order by m) as completed, json_agg(coalesce(x.failed, 0) order by m) as failed
      from (select distinct c.kind from counted c) c cross join minutes left join counted x on x.kind = c.kind and x.minute = m group by c.kind
  ), means as (
    select c.kind, sum(c.run_ms) / nullif(sum(c.attempts), 0) as run_ms, sum(c.wait_ms) / nullif(sum(c.attempts), 0) as wait_ms
      from counted c where c.minute > statement_timestamp() - interval '5 minutes' group by c.kind
  ), running as materialized (
    select r.worker, count(*) as n from holdfast.running() r group by r.worker
  )
  select json_build_object(
    'at', statement_timestamp(),
    'protocol', holdfast.protocol(),
    'drifted', exists (select from holdfast.blueprint) and exists (select from holdfast.drift()),
    'kinds', (select coalesce(json_agg(json_build_object(
        'kind', k.name, 'ready', s.ready,
        'oldest_ready_seconds', greatest(0, extract(epoch from clock_timestamp()) - (s.oldest_rank >> 20) / 1000.0),
        'running', s.running, 'scheduled', s.scheduled, 'retrying', s.retrying, 'waiting', s.waiting, 'blocked', s.blocked, 'held', s.held, 'dead_today', s.dead,
        'completed', coalesce(l.completed, '[]'), 'failed', coalesce(l.failed, '[]'), 'mean_run_ms', m.run_ms, 'mean_wait_ms', m.wait_ms,
        'served', exists (select from holdfast.worker w where k.id = any(w.kinds) and not w.draining and w.beat_at > clock_timestamp() - interval '8 s'),
        'paused', exists (select from holdfast.pause p where p.kind in (0, k.id) and p.tenant = -1),
        'limits', to_json(k.limits), 'breaker', k.breaker) order by k.name), '[]')
      from holdfast.standing(null) s join holdfast.kind k on k.id = s.kind left join lines l on l.kind = k.id left join means m on m.kind = k.id),
    'pauses', holdfast.pauses(null),
    'workers', (select coalesce(json_agg(json_build_object('id', w.id, 'name', w.name, 'version', w.version, 'started_at', w.started_at,
        'beat_age_seconds', case when isfinite(w.beat_at) then greatest(0, extract(epoch from clock_timestamp() - w.beat_at)) else 0 end, 'draining', w.draining,
        'running', coalesce((select r.n from running r where r.worker = w.id), 0)) order by w.id), '[]') from holdfast.worker w),
    'breakers', holdfast.breakers(null),
    'limits', holdfast.limits(),
    'schedules', (select coalesce(json_agg(json_build_object('name', s.name, 'expression', s.expression, 'zone', s.zone,
        'counted_until', greatest(s.last_tick, s.counts_from), 'queued', s.queued, 'paused_by', a.who, 'paused_why', a.why, 'paused_at', a.at) order by s.name), '[]')
      from holdfast.schedule s left join holdfast.schedule_act a on a.id = s.pause),
    'effects', holdfast.unknown_effects(null),
    'database', holdfast.database())
$$;

-- What somebody sees who looks after one tenant.
create function holdfast.overview_of(tenant bigint) returns json language sql stable set jit = off as $$
  select json_build_object(
    'at', statement_timestamp(),
    'kinds', (select coalesce(json_agg(json_build_object(
        'kind', k.name, 'ready', s.ready, 'oldest_ready_seconds', greatest(0, extract(epoch from clock_timestamp()) - (s.oldest_rank >> 20) / 1000.0),
        'running', s.running, 'scheduled', s.scheduled, 'retrying', s.retrying, 'waiting', s.waiting, 'blocked', s.blocked, 'held', s.held, 'dead_today', s.dead)
        order by k.name), '[]') from holdfast.standing(overview_of.tenant) s join holdfast.kind k on k.id = s.kind),
    'pauses', holdfast.pauses(overview_of.tenant),
    'breakers', holdfast.breakers(overview_of.tenant),
    'effects', holdfast.unknown_effects(overview_of.tenant))
$$;

alter function holdfast.delete_ended set jit = off;
alter function holdfast.snooze set jit = off;
alter function holdfast.run_now set jit = off;

grant select, insert, update, delete on holdfast.revision, holdfast.tally to holdfast_app;
grant execute on all functions in schema holdfast to holdfast_app;

-- As before, but for a kind that nobody knows nothing is resumed, rather than everything.
create or replace function holdfast.resume(kind text, tenant bigint) returns boolean language plpgsql as $$
#variable_conflict use_variable
begin
  if kind is not null and not exists (select from holdfast.kind k where k.name = kind) then return false; end if;
  delete from holdfast.pause p where p.kind = coalesce((select k.id from holdfast.kind k where k.name = kind), 0) and p.tenant = coalesce(tenant, -1);
  if not found then return false; end if;
  perform pg_notify('holdfast', '');
  return true;
end $$;
