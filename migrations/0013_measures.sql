-- What can be observed without reading history: how much waits where; and whether the schema is still what the
-- migrations made.

-- Numbers for gauges. Each is counted up to 10001 at most: beyond that it is enough to know that it is a lot.
-- Only plans that stop there are of use.
create function holdfast.measures() returns table (gauge text, label text, what text, value double precision) language sql stable
set enable_bitmapscan = off set enable_seqscan = off set jit = off as $$
  with recursive queue as (
    select k.id as kind, k.name, h.priority, h.tenant, h.rank, 1 as nth
      from holdfast.kind k
      cross join lateral (select r.priority, r.tenant, r.rank from holdfast.ready r where r.kind = k.id order by r.priority, r.tenant, r.rank limit 1) h
    union all
    select q.kind, q.name, h.priority, h.tenant, h.rank, q.nth + 1 from queue q
      cross join lateral (select r.priority, r.tenant, r.rank from holdfast.ready r
                          where r.kind = q.kind and (r.priority, r.tenant) > (q.priority, q.tenant) order by r.priority, r.tenant, r.rank limit 1) h
      where q.nth < 256
  ), slots as (
    select g.rule, s.gate, count(*) as n from holdfast.slot s join holdfast.gate g on g.id = s.gate group by g.rule, s.gate
  ), waiting as (
    select h.gate from holdfast.held h limit 10001
  )
  select 'holdfast_ready', 'kind', k.name, (select count(*) from (select from holdfast.ready r where r.kind = k.id limit 10001) r)::double precision from holdfast.kind k
  union all
  select 'holdfast_oldest_ready_seconds', 'kind', k.name,
         coalesce(greatest(0, extract(epoch from clock_timestamp()) - (select min(q.rank) >> 20 from queue q where q.kind = k.id) / 1000.0), 0)::double precision from holdfast.kind k
  union all
  select 'holdfast_later', 'of', 'all', (select count(*) from (select from holdfast.later limit 10001) l)
  union all
  select 'holdfast_blocked', 'of', 'all', (select count(*) from (select from holdfast.blocked limit 10001) b)
  union all
  select 'holdfast_blocked_lanes', 'of', 'all', (select count(distinct b.lane) from (select lane from holdfast.blocked limit 10001) b)
  union all
  select 'holdfast_held', 'by', coalesce(x.name, 'pause'), count(w.gate)
    from (select l.name from holdfast.limit_rule l union select b.name from holdfast.breaker_rule b union select null) x
    left join (select w.gate, coalesce(g.rule, b.rule) as rule from waiting w left join holdfast.gate g on g.id = w.gate left join holdfast.breaker b on b.id = w.gate) w
      on w.rule is not distinct from x.name
    group by x.name
  union all
  select 'holdfast_limit_used', 'limit', l.name, coalesce((select max(s.n) from slots s where s.rule = l.name) / nullif(l.running, 0)::double precision, 0)
    from holdfast.limit_rule l where l.running is not null
  union all
  select 'holdfast_breaker_' || s.state, 'breaker', r.name,
         (select count(*) from (select from holdfast.breaker b where b.rule = r.name and b.state = s.state limit 10001) b)
    from holdfast.breaker_rule r cross join (values ('open'), ('half_open'), ('recovering')) s(state)
  union all
  select 'holdfast_effects_unknown', 'of', 'all', (select count(*) from (select from holdfast.effect e where e.state = 'unknown' limit 10001) e)
  union all
  select 'holdfast_workers', 'of', 'all', (select count(*) from holdfast.worker)
  union all
  select 'holdfast_strays', 'of', 'all', holdfast.strays(10001)
$$;

-- ---------------------------------------------------------------- the schema itself

create table holdfast.blueprint (
  object text not null primary key,
  digest text not null
);
comment on table holdfast.blueprint is 'The schema as the migrations left it, object by object; `version` is the latest of them.';

-- Everything of the schema that somebody could change by hand; partitions come and go.
create function holdfast.catalog() returns table (object text, digest text) language sql stable set search_path = pg_catalog as $$
  with tables as (
    select c.oid, c.relname from pg_class c
    where c.relnamespace = 'holdfast'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname !~ '_\d{4}w\d\d$'
  )
  select format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)),
         md5(concat_ws('|', p.prosrc, pg_get_function_result(p.oid), p.provolatile, p.prosecdef, p.proconfig::text, pg_get_function_sqlbody(p.oid)))
    from pg_proc p where p.pronamespace = 'holdfast'::regnamespace
  union all
  select format('index %s', i.indexrelid::regclass), md5(pg_get_indexdef(i.indexrelid) || i.indisvalid) from pg_index i join tables t on t.oid = i.indrelid
  union all
  select format('constraint %s of %s', k.conname, t.relname), md5(pg_get_constraintdef(k.oid)) from pg_constraint k join tables t on t.oid = k.conrelid
  union all
  select format('column %s.%s', t.relname, a.attname), md5(concat_ws('|', format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)))
    from pg_attribute a join tables t on t.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attnum > 0 and not a.attisdropped
$$;

-- Notes what the migrations up to `version` made, once for each version.
create function holdfast.draw_blueprint(version bigint) returns void language plpgsql as $$
begin
  if exists (select from holdfast.blueprint b where b.object = 'version' and b.digest::bigint >= draw_blueprint.version) then return; end if;
  delete from holdfast.blueprint;
  insert into holdfast.blueprint select * from holdfast.catalog() union all select 'version', draw_blueprint.version::text;
end $$;

-- What differs from the blueprint: 'missing', 'changed' or 'unknown' objects.
create function holdfast.drift() returns table (object text, difference text) language sql stable as $$
  select coalesce(b.object, c.object), case when c.object is null then 'missing' when b.object is null then 'unknown' else 'changed' end
  from (select * from holdfast.blueprint where object <> 'version') b full join holdfast.catalog() c on c.object = b.object
  where c.digest is distinct from b.digest
  order by 2, 1
$$;

grant select on holdfast.blueprint to holdfast_app;
grant execute on all functions in schema holdfast to holdfast_app;
