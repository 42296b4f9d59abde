-- Programs: what their tokens may do, and what was answered to a write that may come again.

alter table public.api_token
  add column scopes text[] not null default '{read,write,calendar,money,privacy}',
  add column expires_at timestamptz,
  add column last_used_at timestamptz,
  add constraint api_token_scopes_known check (scopes <@ array['read', 'write', 'calendar', 'money', 'privacy'] and scopes <> '{}');
comment on column public.api_token.scopes is
  'read: everything that can be read. write: bookings, waiting lists, customers. calendar: calendar and catalog. money: payments, refunds, plans, prices, terms, settings. privacy: export and erasure.';
comment on column public.api_token.last_used_at is 'To the minute.';
grant update (last_used_at) on public.api_token to holdfast_app;

create table public.api_idempotency (
  tenant_id bigint not null default nullif(current_setting('holdfast.tenant', true), '')::bigint references public.tenant (id),
  key text not null,
  request bytea not null,
  status smallint not null,
  body text not null,
  location text,
  created_at timestamptz not null,
  constraint api_idempotency_pkey primary key (tenant_id, key),
  constraint api_idempotency_key_form check (key ~ '^[!-~]{1,255}$'),
  constraint api_idempotency_request_length check (octet_length(request) = 32),
  constraint api_idempotency_status_is_final check (status between 200 and 499)
);
create index api_idempotency_by_age on public.api_idempotency (tenant_id, created_at);
comment on table public.api_idempotency is
  'What was answered to a write that carried a key, written with its effect. Kept for a day; who writes with a key sweeps a few older ones out.';
comment on column public.api_idempotency.request is 'SHA-256 of method, address and body: the same key with another request is a mistake of the program.';

alter table public.api_idempotency enable row level security;
alter table public.api_idempotency force row level security;
create policy own_tenant on public.api_idempotency
  using (tenant_id = nullif(current_setting('holdfast.tenant', true), '')::bigint);
grant select, insert, delete on public.api_idempotency to holdfast_app;
