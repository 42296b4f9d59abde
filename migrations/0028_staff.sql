-- Who works in the console: accounts, their sessions and second factors, invitations, what they did, and how programs
-- renew their tokens.

create table public.staff (
  id bigint not null generated always as identity,
  tenant_id bigint references public.tenant (id),
  email text not null,
  name text not null,
  role text not null,
  language text not null default 'it',
  password text not null,
  totp_secret bytea,
  totp_next bytea,
  totp_step bigint not null default 0,
  disabled_at timestamptz,
  created_at timestamptz not null,
  constraint staff_pkey primary key (id),
  constraint staff_email_unique unique (email),
  constraint staff_email_form check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254),
  constraint staff_name_form check (name = btrim(name) and length(name) between 1 and 100),
  constraint staff_role_known check (role in ('owner', 'manager', 'agent', 'ops', 'ops-read')),
  constraint staff_role_of_the_house check (tenant_id is not null or role in ('owner', 'ops', 'ops-read')),
  constraint staff_language_known check (language in ('it', 'en')),
  constraint staff_password_is_hashed check (password like '$argon2id$%')
);
create index staff_by_tenant on public.staff (tenant_id);
comment on table public.staff is
  'Not hidden by row security: it is read to find out who somebody is. Never deleted from, since the audit names its rows.';
comment on column public.staff.tenant_id is 'Whose rows they see; none: the whole house.';
comment on column public.staff.totp_next is 'A second factor that was begun and not confirmed yet.';
comment on column public.staff.totp_step is 'The half minute of the last code that was taken: none is taken twice.';

create table public.staff_session (
  id bigint not null generated always as identity,
  staff_id bigint not null references public.staff (id),
  sha256 bytea not null,
  opened_at timestamptz not null,
  last_seen_at timestamptz not null,
  password_at timestamptz not null,
  ip text not null,
  agent text not null,
  constraint staff_session_pkey primary key (id),
  constraint staff_session_sha256_unique unique (sha256),
  constraint staff_session_sha256_length check (octet_length(sha256) = 32)
);
create index staff_session_by_staff on public.staff_session (staff_id);
comment on column public.staff_session.last_seen_at is 'To the minute.';
comment on column public.staff_session.password_at is 'When the password was last asked for and given.';

create table public.staff_pending (
  sha256 bytea not null,
  staff_id bigint not null references public.staff (id),
  ends_at timestamptz not null,
  constraint staff_pending_pkey primary key (sha256),
  constraint staff_pending_sha256_length check (octet_length(sha256) = 32)
);
create index staff_pending_by_staff on public.staff_pending (staff_id);
comment on table public.staff_pending is 'Somebody whose password was right and whose code is still to come.';

create table public.staff_recovery (
  staff_id bigint not null references public.staff (id),
  sha256 bytea not null,
  constraint staff_recovery_pkey primary key (staff_id, sha256),
  constraint staff_recovery_sha256_length check (octet_length(sha256) = 32)
);
comment on table public.staff_recovery is 'Codes for somebody whose telephone is gone; each goes when it is used.';

create table public.staff_invite (
  sha256 bytea not null,
  tenant_id bigint references public.tenant (id),
  email text not null,
  name text not null,
  role text not null,
  invited_by bigint references public.staff (id),
  ends_at timestamptz not null,
  constraint staff_invite_pkey primary key (sha256),
  constraint staff_invite_email_unique unique (email),
  constraint staff_invite_email_form check (email = lower(email) and email ~ '^[^@[:space:]]+@[^@[:space:]]+$' and length(email) <= 254),
  constraint staff_invite_name_form check (name = btrim(name) and length(name) between 1 and 100),
  constraint staff_invite_role_known check (role in ('owner', 'manager', 'agent', 'ops', 'ops-read')),
  constraint staff_invite_role_of_the_house check (tenant_id is not null or role in ('owner', 'ops', 'ops-read')),
  constraint staff_invite_sha256_length check (octet_length(sha256) = 32)
);
comment on column public.staff_invite.invited_by is 'None: whoever has the command line.';

create table public.sign_in_attempt (
  sha256 bytea not null,
  tries int not null,
  free_at timestamptz not null,
  forgotten_at timestamptz not null,
  constraint sign_in_attempt_pkey primary key (sha256),
  constraint sign_in_attempt_sha256_length check (octet_length(sha256) = 32)
);
create index sign_in_attempt_by_age on public.sign_in_attempt (forgotten_at);
comment on table public.sign_in_attempt is
  'Wrong passwords and codes, counted for an account (or an address that has none: nobody learns which) and for where they came from. Only digests.';
comment on column public.sign_in_attempt.free_at is 'Until then nothing is looked at, not even the right password.';

-- Counts one try of an account from an address, before anybody looks whether it is right: tries at the same moment are
-- counted like tries in a row. Tells how many seconds to wait; 0: the try is counted and may be made.
create function public.sign_in_try(account bytea, address bytea, at timestamptz) returns int language plpgsql as $$
declare
  waits int;
  free constant int[] := array[5, 20];
begin
  insert into public.sign_in_attempt (sha256, tries, free_at, forgotten_at)
  values (account, 0, at, at + interval '1 hour') on conflict do nothing;
  insert into public.sign_in_attempt (sha256, tries, free_at, forgotten_at)
  values (address, 0, at, at + interval '1 hour') on conflict do nothing;
  -- Always the account first, so that nobody waits in a circle.
  perform from public.sign_in_attempt where sha256 = account for update;
  perform from public.sign_in_attempt where sha256 = address for update;
  select ceil(extract(epoch from max(free_at) - at)) into waits
  from public.sign_in_attempt where sha256 in (account, address) and free_at > at;
  if waits is not null then return waits; end if;
  update public.sign_in_attempt a set tries = n.tries, forgotten_at = at + interval '1 hour',
    free_at = at + case when n.tries < free[n.which] then interval '0' else least(interval '15 minutes', interval '1 second' * 2 ^ least(n.tries - free[n.which], 10)) end
  from (select sha256, case when forgotten_at <= at then 1 else tries + 1 end as tries, case when sha256 = account then 1 else 2 end as which
        from public.sign_in_attempt where sha256 in (account, address)) n
  where a.sha256 = n.sha256;
  -- A few old ones go, last of all, so that nobody is waited for with rows in hand.
  delete from public.sign_in_attempt a using (
    select sha256 from public.sign_in_attempt where forgotten_at <= at limit 50 for update skip locked) old
  where a.sha256 = old.sha256;
  return 0;
end $$;

-- What was right does not count. Only who has signed in wholly (`done`) clears the account.
create function public.sign_in_right(account bytea, address bytea, done bool, at timestamptz) returns void language sql as $$
  delete from public.sign_in_attempt where sha256 = account and done;
  update public.sign_in_attempt set tries = greatest(0, tries - 1), free_at = at where sha256 = account;
  update public.sign_in_attempt set tries = greatest(0, tries - 1), free_at = at where sha256 = address;
$$;

create table public.audit (
  id bigint not null generated always as identity,
  at timestamptz not null,
  staff_id bigint references public.staff (id),
  who_name text not null,
  session_id bigint,
  tenant_id bigint,
  act text not null,
  target text not null,
  reason text,
  detail jsonb not null,
  ip text,
  request_id text,
  constraint audit_pkey primary key (id),
  constraint audit_act_form check (act ~ '^[a-z_]+\.[a-z_]+$')
);
create index audit_by_tenant on public.audit (tenant_id, id);
create index audit_by_staff on public.audit (staff_id, id);
create index audit_by_target on public.audit (target, id);
create index audit_by_act on public.audit (act text_pattern_ops, id);
comment on table public.audit is
  'Who did what, written with its effect and never changed. It names customers by their ids only, so that an erasure leaves it alone, and holds no secret.';
comment on column public.audit.staff_id is 'None: the command line, or the house itself.';
comment on column public.audit.session_id is 'No key: sessions go.';

create function public.audit_stays() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_stays before update or delete on public.audit for each row execute function public.audit_stays();
create trigger audit_stays_whole before truncate on public.audit for each statement execute function public.audit_stays();

create table public.saved_view (
  id bigint not null generated always as identity,
  staff_id bigint not null references public.staff (id),
  name text not null,
  query text not null,
  shared bool not null,
  constraint saved_view_pkey primary key (id),
  constraint saved_view_name_unique unique (staff_id, name),
  constraint saved_view_name_form check (name = btrim(name) and length(name) between 1 and 60),
  constraint saved_view_query_length check (length(query) <= 1000)
);
comment on table public.saved_view is 'Questions about jobs that somebody asks again. A shared one is seen by all of the same tenant, or of the whole house.';

create table public.api_token_family (
  id bigint not null generated always as identity,
  tenant_id bigint not null references public.tenant (id) on delete cascade,
  label text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  ends_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  constraint api_token_family_pkey primary key (id),
  constraint api_token_family_label_unique unique (tenant_id, label),
  constraint api_token_family_scopes_known check (scopes <@ array['read', 'write', 'calendar', 'money', 'privacy'] and scopes <> '{}')
);
comment on table public.api_token_family is
  'A token that is renewed: all that came of one `holdfast token issue --refreshable`. Not hidden by row security: it is read to find the tenant.';
comment on column public.api_token_family.last_used_at is 'To the minute.';
comment on column public.api_token_family.revoked_at is 'When a token for renewal came a second time: one of the two was stolen, and nobody knows which.';

create table public.api_family_token (
  sha256 bytea not null,
  family_id bigint not null references public.api_token_family (id) on delete cascade,
  kind text not null,
  ends_at timestamptz not null,
  used_at timestamptz,
  constraint api_family_token_pkey primary key (sha256),
  constraint api_family_token_kind_known check (kind in ('access', 'refresh')),
  constraint api_family_token_sha256_length check (octet_length(sha256) = 32)
);
create index api_family_token_by_family on public.api_family_token (family_id, kind, ends_at);
comment on column public.api_family_token.used_at is 'When a new pair was made of it. It stays, to know it again.';

grant select, insert on public.staff, public.audit to holdfast_app;
grant update (name, role, language, password, totp_secret, totp_next, totp_step, disabled_at) on public.staff to holdfast_app;
grant select, insert, update, delete on public.staff_session, public.staff_pending, public.staff_recovery,
  public.staff_invite, public.sign_in_attempt, public.saved_view, public.api_token_family, public.api_family_token
  to holdfast_app;
