-- What job types promise to share: limits, breakers, fairness between tenants, pauses, cancellation, progress.
--
-- One more place where a job can stand:
--   held     waits at a gate: a limit that is used up, or a breaker that is open
-- Held rows are never candidates of a claim, like blocked ones. `0007_gates.sql` moves them.

alter table holdfast.kind
  add column priority smallint not null default 0,
  add column unique_for interval not null default '30 days',
  add column debounce_wait interval,
  add column debounce_max interval,
  add column limits text[] not null default '{}',
  add column breaker text,
  add column queue_wait interval,
  add column deadline interval,
  add constraint kind_debounce check ((debounce_wait is null) = (debounce_max is null));
comment on column holdfast.kind.priority is 'The policy as the latest worker declared it, for enqueues from plain SQL.';

alter table holdfast.job
  add column limit_key text,
  add column trace text,
  add column forked_from bigint,
  add constraint job_limit_key_length check (length(limit_key) <= 512),
  add constraint job_trace_form check (trace ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
comment on column holdfast.job.trace is 'W3C traceparent of what came in.';

-- rank: the order in which a tenant's jobs of one priority start. Its upper bits are the time when the job was due.
alter table holdfast.ready add column tenant bigint, add column rank bigint;
alter table holdfast.later add column tenant bigint, add column awaiting integer;
alter table holdfast.blocked add column tenant bigint;
update holdfast.ready r set tenant = j.tenant, rank = r.id from holdfast.job j where j.id = r.id;
update holdfast.later l set tenant = j.tenant from holdfast.job j where j.id = l.id;
update holdfast.blocked b set tenant = j.tenant from holdfast.job j where j.id = b.id;
alter table holdfast.ready alter column tenant set not null, alter column rank set not null;
alter table holdfast.later alter column tenant set not null;
alter table holdfast.blocked alter column tenant set not null;
drop index holdfast.ready_claim;
create index ready_claim on holdfast.ready (kind, priority, tenant, rank);
comment on column holdfast.later.awaiting is 'A parked workflow that waits for all of so many steps.';

create table holdfast.share (
  tenant bigint not null primary key,
  weight real not null,
  constraint share_weight_positive check (weight > 0 and weight <= 1000)
);
comment on table holdfast.share is 'Tenants whose share of the workers is not 1.';

create table holdfast.pause (
  kind smallint not null default 0,
  tenant bigint not null default -1,
  reason text not null,
  by text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (kind, tenant)
);
comment on table holdfast.pause is 'What does not start: kind 0 is every kind, tenant -1 every tenant.';

create table holdfast.limit_rule (
  name text not null primary key,
  scope text not null,
  running integer,
  rate integer,
  per interval,
  changed_by text,
  reason text,
  changed_at timestamptz not null default clock_timestamp(),
  constraint limit_rule_name_form check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint limit_rule_scope check (scope in ('all', 'tenant', 'key')),
  constraint limit_rule_running check (running >= 0),
  constraint limit_rule_rate check (rate > 0 and per > '0' and (rate is null) = (per is null))
);
comment on column holdfast.limit_rule.changed_by is 'Who changed it here; then what the code declares does not count any more.';

create table holdfast.breaker_rule (
  name text not null primary key,
  failures integer not null,
  within interval not null,
  wait interval not null,
  wait_max interval not null,
  probes integer not null,
  constraint breaker_rule_name_form check (name ~ '^[a-z][a-z0-9_]{0,62}$'),
  constraint breaker_rule_positive check (failures > 0 and probes > 0 and within > '0' and wait > '0' and wait_max >= wait)
);

create table holdfast.gate (
  id bigint not null primary key,
  rule text not null,
  tenant bigint not null,
  key text not null,
  tokens double precision,
  filled_at timestamptz
);
comment on table holdfast.gate is 'A limit rule for one tenant or one key (or for all: tenant -1). Its row lock orders whoever passes.';

create table holdfast.breaker (
  id bigint not null primary key,
  rule text not null,
  tenant bigint not null,
  state text not null default 'closed',
  since timestamptz not null default clock_timestamp(),
  until timestamptz,
  failures integer not null default 0,
  successes integer not null default 0,
  window_at timestamptz not null default clock_timestamp(),
  opened integer not null default 0,
  reason text,
  forced_by text,
  constraint breaker_state check (state in ('closed', 'open', 'half_open', 'recovering'))
);
comment on column holdfast.breaker.opened is 'How many times in a row it opened: each wait is twice the one before.';

create table holdfast.slot (
  gate bigint not null,
  job bigint not null,
  primary key (gate, job)
);
create index slot_job on holdfast.slot (job);
comment on table holdfast.slot is 'One row for each running job that counts at a gate. Written with its claim, deleted with its end: it cannot drift.';

create table holdfast.held (
  gate bigint not null,
  priority smallint not null,
  rank bigint not null,
  id bigint not null,
  kind smallint not null,
  tenant bigint not null,
  attempts smallint not null,
  losses smallint not null,
  lane bigint,
  holds_lane boolean not null,
  primary key (gate, priority, rank, id)
);
create index held_id on holdfast.held (id);

create table holdfast.cancellation (
  job bigint not null primary key,
  reason text not null,
  at timestamptz not null default clock_timestamp()
);
comment on table holdfast.cancellation is 'Running jobs, and workflows that have to clean up, that somebody wants to end.';

create table holdfast.progress (
  job bigint not null primary key,
  data json not null,
  at timestamptz not null default clock_timestamp()
);

alter table holdfast.step add column detached boolean not null default false, add column noted bigint;
comment on column holdfast.step.detached is 'It lives on when its workflow is cancelled: nobody waits for it, or it undoes another.';
comment on column holdfast.step.wake_at is 'The end of a sleep, or of the wait for a signal; -infinity: it is over, and the workflow knows.';
comment on column holdfast.step.noted is 'When a wait or a decision was written down, as an id; a step has its child''s.';

alter table holdfast.attempt drop constraint attempt_ending;
alter table holdfast.attempt add constraint attempt_ending
  check (ending in ('failed', 'timed_out', 'panicked', 'undecodable', 'snoozed', 'cancelled', 'lost', 'expired', 'silent'));
comment on column holdfast.attempt.ending is 'expired: too late to start, or to try again; silent: no heartbeat in time.';

create table holdfast.job_default partition of holdfast.job default;
create table holdfast.done_default partition of holdfast.done default;
create table holdfast.attempt_default partition of holdfast.attempt default;

grant select, insert, update, delete on all tables in schema holdfast to holdfast_app;
