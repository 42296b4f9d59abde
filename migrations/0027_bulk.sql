-- Bulk operations: one act on many jobs, as rows, so that it outlives the process that carries it out.
--
-- What it is about is frozen first, item by item. Then somebody confirms it, and a job (`run_bulk`) goes over the items in
-- their order: what became of a chunk of them is written in the transaction that acts on them.

create table holdfast.bulk (
  id bigint generated always as identity primary key,
  verb text not null,
  until timestamptz,
  tenant bigint,
  query text not null,
  who text not null,
  reason text not null,
  state text not null default 'preview',
  rate integer,
  whole boolean not null default true,
  total integer not null default 0,
  done integer not null default 0,
  ok integer not null default 0,
  results jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  paused_at timestamptz,
  chunk_at timestamptz,
  chunk integer not null default 0,
  speed double precision,
  job bigint,
  constraint bulk_verb check (verb in ('retry', 'cancel', 'run_now', 'snooze', 'delete')),
  constraint bulk_state check (state in ('preview', 'running', 'paused', 'done', 'aborted')),
  constraint bulk_until check ((verb = 'snooze') = (until is not null)),
  constraint bulk_rate_positive check (rate > 0),
  constraint bulk_counts check (0 <= ok and ok <= done and done <= total),
  constraint bulk_runs_as_a_job check (state in ('preview', 'aborted') or job is not null)
) with (fillfactor = 50);
comment on column holdfast.bulk.tenant is 'Only this tenant''s jobs, asked for by one who sees no others. Null: the house asked.';
comment on column holdfast.bulk.whole is 'False: more jobs fitted than one operation takes.';
comment on column holdfast.bulk.rate is 'Jobs a second at most. Null: as fast as is kind to others.';
comment on column holdfast.bulk.done is 'Items with a result. They are taken in their order, so it is the number of the latest one, too.';
comment on column holdfast.bulk.chunk_at is 'When the latest chunk began, of how many items (chunk); speed is items a second, of the latest ones.';

create table holdfast.bulk_item (
  bulk bigint not null references holdfast.bulk on delete cascade,
  number integer not null,
  job bigint not null,
  kind smallint not null,
  result text,
  at timestamptz,
  primary key (bulk, number),
  -- Also answers which operations a job was part of.
  constraint bulk_item_once unique (job, bulk)
) with (fillfactor = 60);
comment on table holdfast.bulk_item is 'The jobs of a bulk operation as they were frozen, and what became of each.';

-- Retries those of the jobs that stand for themselves, all at once: they have no steps, are none of a workflow that has ended,
-- and nobody else has or wants their key. Returns them; the others are for `holdfast.retry`, which looks at one after the other. They take a place behind
-- what waits already, and whatever is enqueued meanwhile goes before them, unless their lane orders them: so many old jobs
-- would come first for a long time. After the usual time in the queue they go first like others.
create function holdfast.retry_plain(jobs bigint[]) returns bigint[] language plpgsql set plan_cache_mode = force_generic_plan set jit = off as $$
#variable_conflict use_column
declare
  plain bigint[];
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holdfast.prune', 0));
  perform from holdfast.done d where d.id = any(retry_plain.jobs) order by d.id for update;
  select coalesce(array_agg(x.id order by x.id), '{}') into plain from (
    select j.id, j.key = '' or 1 = count(*) over (partition by j.tenant, j.kind, j.key)
             and not exists (select from holdfast.uniq u where u.tenant = j.tenant and u.kind = j.kind and u.key = j.key and u.job <> j.id
                               and (u.expires_at > clock_timestamp() or holdfast.is_open(u.job))) as free
    from holdfast.done d join holdfast.job j on j.id = d.id
    where d.id = any(retry_plain.jobs) and j.id = any(retry_plain.jobs) and d.outcome <> 0
      and (j.parent is null or not exists (select from holdfast.done p where p.id = j.parent))
      and not exists (select from holdfast.step s where s.parent = j.id)) x
  where x.free;
  perform holdfast.run_again(plain);
  update holdfast.ready r set rank = holdfast.next_id(), priority = least(r.priority::integer + 1, 32767)::smallint
    where r.ctid = any(array(
      select y.ctid from holdfast.job j join holdfast.ready y on y.kind = j.kind and y.priority = j.priority and y.tenant = j.tenant and y.rank = j.id
      where j.id = any(plain) and y.id = j.id and y.lane is null));
  perform pg_notify('holdfast', '');
  return plain;
end $$;

grant select, insert, update, delete on holdfast.bulk, holdfast.bulk_item to holdfast_app;
grant execute on function holdfast.retry_plain to holdfast_app;
