-- What the engine knows of a person: jobs that name somebody are found, open or ended, and forgotten.

-- As in 0012_retention.sql, and by what name the other side knows an effect, too. A job whose root is gone can be erased.
-- Jobs that were erased before are not counted again.
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
  update holdfast.effect e set reason = null, reference = null where e.job = any(erased) and num_nonnulls(e.reason, e.reference) > 0;
  delete from holdfast.signal s where s.job = any(erased);
  delete from holdfast.progress p where p.job = any(erased);
  delete from holdfast.cancellation c where c.job = any(erased);
  return fresh;
end $$;

-- Jobs of a tenant that have not ended: these, what they led to where one of the words or tokens stands in its arguments,
-- and all whose arguments match the pattern; but for those of one root.
create function holdfast.open_jobs(tenant bigint, jobs bigint[], words text[], tokens text[], pattern text, but_root bigint)
returns setof bigint language sql stable as $$
  with open as materialized (
    select j.id, j.root, j.payload::text as told
    from (select r.id from holdfast.ready r union all select l.id from holdfast.later l union all select b.id from holdfast.blocked b
          union all select h.id from holdfast.held h union all select u.id from holdfast.claim c, unnest(c.ids) u(id)) o
    join holdfast.job j on j.id = o.id
    where j.tenant = open_jobs.tenant and j.root <> but_root and not exists (select from holdfast.done d where d.id = j.id)
  )
  select o.id from open o where o.id = any(jobs) or o.told ~ pattern
  union
  select o.id from open o where o.root = any(jobs) and exists (select from unnest(words) w where strpos(o.told, w) > 0)
  union
  select o.id from open o cross join lateral regexp_matches(o.told, '[[:alnum:]+/=_.-]{6,}', 'g') m join unnest(tokens) t on t = m[1]
    where o.root = any(jobs)
$$;

-- Of `most` jobs from `after` on, those of a tenant where one of the words stands, or one of the tokens as a whole word: in
-- arguments, results, errors, signals or effects. `next` is where to go on; null: that was all.
create function holdfast.mentions(tenant bigint, words text[], tokens text[], after bigint, most integer,
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

grant execute on function holdfast.open_jobs, holdfast.mentions to holdfast_app;
