create table queue (id bigserial primary key, claimed boolean not null default false, payload jsonb);
create index on queue (id) where not claimed;
create table history (id bigint primary key, ended_at timestamptz not null, payload jsonb);
create table step (job bigint, step int, result jsonb, primary key (job, step));
