-- The engine: durable jobs and workflows.
--
-- A job's payload is written once, in `job`. Where the job stands is told by which narrow table holds its id:
--   ready    may start now                    later    starts at run_at (scheduled, backoff, sleep, waiting)
--   blocked  waits for its lane               claim    started: one row for each batch that a worker fetched
--   done     ended, with its outcome and output
-- `0003_protocol.sql` moves them. Rows move by delete and insert. A claim's id is the fence: who does not hold it can settle nothing.

create schema holdfast;

do $$ begin
  create role holdfast_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute format('grant holdfast_app to %I', current_user);
exception when others then
  -- A superuser needs no membership; others must be able to become the role.
  if not (select rolsuper from pg_roles where rolname = current_user) then raise; end if;
end $$;
grant usage on schema holdfast to holdfast_app;

-- Ids are ordered by time: milliseconds since 1970 in the upper bits, a counter in the lower 20.
create sequence holdfast.job_id_counter;

create function holdfast.next_id() returns bigint language sql volatile
return ((extract(epoch from clock_timestamp()) * 1000)::bigint << 20) | (nextval('holdfast.job_id_counter') & 1048575);

create function holdfast.id_at(at timestamptz) returns bigint language sql immutable
return (extract(epoch from at) * 1000)::bigint << 20;

create table holdfast.kind (
  id smallint generated always as identity primary key,
  name text not null,
  constraint kind_name_unique unique (name),
  constraint kind_name_form check (name ~ '^[a-z][a-z0-9_]{0,62}$')
);
comment on table holdfast.kind is 'Job names as numbers, so that hot rows stay narrow. Never renamed: names are wire format.';

create table holdfast.job (
  id bigint not null primary key,
  kind smallint not null,
  priority smallint not null default 0,
  tenant bigint not null,
  root bigint not null,
  parent bigint,
  step text,
  key text not null default '',
  lane text,
  payload json not null,
  created_at timestamptz not null default now(),
  constraint job_step_has_parent check ((parent is null) = (step is null)),
  constraint job_key_length check (length(key) <= 512),
  constraint job_payload_size check (octet_length(payload::text) <= 1048576)
) partition by range (id);
create index job_root on holdfast.job (root) where root <> id;
comment on table holdfast.job is 'What was asked for, by whom (root, parent, step). Written once.';

create table holdfast.ready (
  id bigint not null,
  kind smallint not null,
  priority smallint not null,
  attempts smallint not null default 0,
  losses smallint not null default 0,
  lane bigint,
  holds_lane boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
create index ready_claim on holdfast.ready (kind, priority, id);
create index ready_lane on holdfast.ready (lane, id) where lane is not null;
comment on column holdfast.ready.attempts is 'Attempts that ended in a failure.';
comment on column holdfast.ready.losses is 'Attempts that ended because their worker died.';

create table holdfast.later (
  id bigint not null primary key,
  run_at timestamptz not null,
  kind smallint not null,
  priority smallint not null,
  attempts smallint not null default 0,
  losses smallint not null default 0,
  lane bigint,
  holds_lane boolean not null default false,
  wakeable boolean not null default false,
  debounced boolean not null default false
);
create index later_due on holdfast.later (run_at);
comment on column holdfast.later.wakeable is 'A parked workflow: a finished step or a signal starts it before run_at.';

create table holdfast.lane (
  lane bigint not null primary key,
  holder bigint
);
comment on table holdfast.lane is 'One row for each lane that a job holds. Claiming and settling take this row''s lock, in order of lane.';

create table holdfast.blocked (
  lane bigint not null,
  id bigint not null,
  kind smallint not null,
  priority smallint not null,
  attempts smallint not null,
  losses smallint not null,
  primary key (lane, id)
);

create table holdfast.worker (
  id bigint generated always as identity primary key,
  name text not null,
  version text not null,
  started_at timestamptz not null default clock_timestamp(),
  beat_at timestamptz not null default clock_timestamp(),
  draining boolean not null default false
) with (fillfactor = 20);

create table holdfast.claim (
  id bigint generated always as identity primary key,
  worker bigint not null,
  at timestamptz not null default clock_timestamp(),
  ids bigint[] not null,
  attempts smallint[] not null,
  losses smallint[] not null
);
create index claim_worker on holdfast.claim (worker);
comment on column holdfast.claim.ids is 'Jobs of the batch; 0 where one went back before the batch ended.';

create table holdfast.done (
  id bigint not null,
  finished_at timestamptz not null default clock_timestamp(),
  started_at timestamptz not null,
  outcome smallint not null,
  attempts smallint not null,
  kind smallint not null,
  tenant bigint not null,
  worker bigint,
  output json,
  constraint done_outcome check (outcome in (0, 1, 2)),
  constraint done_output_size check (octet_length(output::text) <= 1048576)
) partition by range (finished_at);
create index done_id on holdfast.done (id);
create index done_not_ok on holdfast.done (kind, finished_at) where outcome <> 0;
comment on column holdfast.done.outcome is '0 completed, 1 dead (attempts exhausted or refused), 2 cancelled.';

create table holdfast.attempt (
  id bigint not null,
  number smallint not null,
  started_at timestamptz not null,
  ended_at timestamptz not null default clock_timestamp(),
  worker bigint,
  ending text not null,
  error text,
  constraint attempt_ending check (ending in ('failed', 'timed_out', 'panicked', 'undecodable', 'snoozed', 'cancelled', 'lost'))
) partition by range (ended_at);
create index attempt_id on holdfast.attempt (id);
comment on table holdfast.attempt is 'Every attempt that did not complete its job, with its error.';

create table holdfast.uniq (
  tenant bigint not null,
  kind smallint not null,
  key text not null,
  job bigint not null,
  expires_at timestamptz not null,
  primary key (tenant, kind, key)
);
create index uniq_expiry on holdfast.uniq (expires_at);
comment on table holdfast.uniq is 'The same kind and key twice is one job, until expires_at; outlives the job''s own rows.';

create table holdfast.debounce (
  tenant bigint not null,
  kind smallint not null,
  key text not null,
  job bigint not null,
  first_at timestamptz not null,
  merged integer not null default 0,
  primary key (tenant, kind, key)
);
create index debounce_job on holdfast.debounce (job);

create table holdfast.merged (
  job bigint not null,
  number integer not null,
  payload json not null,
  primary key (job, number)
);
comment on table holdfast.merged is 'Payloads that a debounced job took up after its own.';

create table holdfast.step (
  parent bigint not null,
  name text not null,
  child bigint,
  wake_at timestamptz,
  output json,
  primary key (parent, name)
);
create index step_child on holdfast.step (child) where child is not null;
comment on table holdfast.step is 'A workflow''s journal: a step is known by its name. A child job, a sleep (wake_at) or a received signal (output).';

create table holdfast.signal (
  job bigint not null,
  name text not null,
  id text not null,
  payload json not null,
  at timestamptz not null default clock_timestamp(),
  primary key (job, name, id)
);

create table holdfast.effect (
  key text not null primary key,
  job bigint not null,
  state text not null default 'planned',
  reference text,
  reason text,
  planned_at timestamptz not null default clock_timestamp(),
  sent_at timestamptz,
  settled_at timestamptz,
  constraint effect_state check (state in ('planned', 'sent', 'confirmed', 'failed', 'unknown')),
  constraint effect_sent_has_time check (state = 'planned' or sent_at is not null or state in ('failed', 'confirmed'))
);
create index effect_open on holdfast.effect (state, sent_at) where state in ('sent', 'unknown');
comment on table holdfast.effect is 'What left the house. sent = the request was let go, its answer is not known yet.';

create table holdfast.schedule (
  name text not null primary key,
  last_tick timestamptz not null default clock_timestamp()
);
comment on table holdfast.schedule is 'The latest tick of each crontab line that became a job.';

-- Partitions by week, made ahead. Definer rights: the application''s role owns no tables.
create function holdfast.roll(weeks_ahead integer default 2) returns void language plpgsql security definer set search_path = holdfast, pg_temp as $$
declare
  week timestamptz;
  label text;
begin
  -- One process at a time; the others then find everything made.
  perform pg_advisory_xact_lock(hashtextextended('holdfast.roll', 0));
  for week in select generate_series(date_trunc('week', now() at time zone 'UTC'),
                                     date_trunc('week', now() at time zone 'UTC') + weeks_ahead * interval '1 week', interval '1 week') at time zone 'UTC'
  loop
    label := to_char(week at time zone 'UTC', 'IYYY"w"IW');
    if to_regclass('holdfast.job_' || label) is null then
      execute format('create table holdfast.job_%s partition of holdfast.job for values from (%s) to (%s)',
                     label, holdfast.id_at(week), holdfast.id_at(week + interval '1 week'));
    end if;
    if to_regclass('holdfast.done_' || label) is null then
      execute format('create table holdfast.done_%s partition of holdfast.done for values from (%L) to (%L)', label, week, week + interval '1 week');
    end if;
    if to_regclass('holdfast.attempt_' || label) is null then
      execute format('create table holdfast.attempt_%s partition of holdfast.attempt for values from (%L) to (%L)', label, week, week + interval '1 week');
    end if;
  end loop;
end $$;
select holdfast.roll();

create function holdfast.lane_hash(lane text) returns bigint language sql immutable strict parallel safe
return hashtextextended(lane, 0);

create function holdfast.register_kinds(names text[]) returns setof holdfast.kind language plpgsql as $$
begin
  -- Whoever starts after a long absence finds a partition for today.
  perform holdfast.roll();
  insert into holdfast.kind (name)
    select n from unnest(names) n where not exists (select from holdfast.kind k where k.name = n) order by n
    on conflict do nothing;
  return query select * from holdfast.kind k where k.name = any(names);
end $$;

-- Puts one job in, on the caller's transaction. `duplicate` tells that the id is an earlier job's.
create function holdfast.enqueue(
  kind text,
  payload json,
  tenant bigint default 0,
  key text default '',
  lane text default null,
  priority smallint default 0,
  run_at timestamptz default null,
  unique_for interval default '30 days',
  debounce_wait interval default null,
  debounce_max interval default null,
  parent bigint default null,
  step text default null,
  root bigint default null,
  out id bigint, out duplicate boolean
) language plpgsql as $$
#variable_conflict use_variable
declare
  new_id bigint := holdfast.next_id();
  kind_id smallint;
  existing bigint;
  started timestamptz;
  n integer;
begin
  select k.id into kind_id from holdfast.kind k where k.name = kind;
  if kind_id is null then
    raise exception 'kind "%" is not known', kind using errcode = 'invalid_parameter_value',
      hint = 'Register the job type in a worker first, or correct the name.';
  end if;
  if debounce_wait is not null then
    insert into holdfast.debounce as d (tenant, kind, key, job, first_at)
      values (tenant, kind_id, key, new_id, clock_timestamp())
      on conflict on constraint debounce_pkey do update set merged = d.merged + 1
      returning d.job, d.first_at, d.merged into existing, started, n;
    if existing <> new_id then
      update holdfast.later l
        set run_at = greatest(l.run_at, least(started + debounce_max, clock_timestamp() + debounce_wait))
        where l.id = existing;
      insert into holdfast.merged (job, number, payload) values (existing, n, payload);
      id := existing; duplicate := true;
      return;
    end if;
    run_at := clock_timestamp() + debounce_wait;
  elsif key <> '' then
    insert into holdfast.uniq as u (tenant, kind, key, job, expires_at)
      values (tenant, kind_id, key, new_id, clock_timestamp() + unique_for)
      on conflict on constraint uniq_pkey do update set job = excluded.job, expires_at = excluded.expires_at
        where u.expires_at <= clock_timestamp()
      returning u.job into existing;
    if existing is null then
      select u.job into strict existing from holdfast.uniq u where u.tenant = tenant and u.kind = kind_id and u.key = key;
      id := existing; duplicate := true;
      return;
    end if;
  end if;
  insert into holdfast.job (id, kind, priority, tenant, root, parent, step, key, lane, payload)
    values (new_id, kind_id, priority, tenant, coalesce(root, new_id), parent, step, key, lane, payload);
  if debounce_wait is not null or run_at > clock_timestamp() then
    insert into holdfast.later (id, run_at, kind, priority, lane, debounced)
      values (new_id, run_at, kind_id, priority, holdfast.lane_hash(lane), debounce_wait is not null);
  else
    insert into holdfast.ready (id, kind, priority, lane) values (new_id, kind_id, priority, holdfast.lane_hash(lane));
  end if;
  id := new_id; duplicate := false;
end $$;

-- Puts many jobs of one kind in with one statement, in their order. All or none.
create function holdfast.enqueue_many(
  kind text,
  payloads json[],
  tenant bigint default 0,
  keys text[] default null,
  lanes text[] default null,
  priority smallint default 0,
  unique_for interval default '30 days'
) returns table (id bigint, duplicate boolean) language plpgsql as $$
#variable_conflict use_variable
declare
  kind_id smallint;
  ids bigint[];
begin
  if exists (select from unnest(keys) k where k <> '') then
    return query
      select e.id, e.duplicate from unnest(payloads, keys, lanes) with ordinality x(payload, key, lane, n),
        lateral holdfast.enqueue(kind, x.payload, tenant, coalesce(x.key, ''), x.lane, priority, null, unique_for) e order by x.n;
    return;
  end if;
  select k.id into kind_id from holdfast.kind k where k.name = kind;
  if kind_id is null then
    raise exception 'kind "%" is not known', kind using errcode = 'invalid_parameter_value',
      hint = 'Register the job type in a worker first, or correct the name.';
  end if;
  ids := array(select holdfast.next_id() from generate_series(1, cardinality(payloads)));
  insert into holdfast.job (id, kind, priority, tenant, root, lane, payload)
    select x.id, kind_id, priority, tenant, x.id, x.lane, x.payload from unnest(ids, lanes, payloads) x(id, lane, payload);
  insert into holdfast.ready (id, kind, priority, lane)
    select x.id, kind_id, priority, holdfast.lane_hash(x.lane) from unnest(ids, lanes) x(id, lane);
  return query select i, false from unnest(ids) i;
end $$;

grant select, insert, update, delete on all tables in schema holdfast to holdfast_app;
grant usage on all sequences in schema holdfast to holdfast_app;
grant execute on all functions in schema holdfast to holdfast_app;
