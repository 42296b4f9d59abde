-- Tokens of programs that act for a tenant.

create table public.api_token (
  sha256 bytea not null,
  tenant_id bigint not null references public.tenant (id) on delete cascade,
  label text not null,
  created_at timestamptz not null,
  constraint api_token_pkey primary key (sha256),
  constraint api_token_label_unique unique (tenant_id, label),
  constraint api_token_sha256_length check (octet_length(sha256) = 32)
);
comment on table public.api_token is 'Not hidden by row security: it is read to find the tenant. Only digests are kept, so that who reads it cannot act.';

grant select, insert, delete on public.api_token to holdfast_app;

-- Readiness compares the applied migrations with those of the binary.
do $$ begin
  if to_regclass('public._sqlx_migrations') is not null then
    grant select on public._sqlx_migrations to holdfast_app;
  end if;
end $$;
