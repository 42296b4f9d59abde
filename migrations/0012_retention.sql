-- What has ended is kept for a while, then it goes: whole weeks at once, and row by row where a week holds jobs that
-- have to stay. A job stays while it or anything that it belongs to is open: its root, the workflows that use its
-- result, its effects whose end is not known, the lane that it parked. Keys (`uniq`) live as long as they were promised
-- to, with or without their jobs.

create index effect_job on holdfast.effect (job);

-- The week that a moment lies in, and the name of its partitions.
create function holdfast.week_of(at timestamptz) returns timestamptz language sql stable
return date_trunc('week', at at time zone 'UTC') at time zone 'UTC';

create function holdfast.week_label(week timestamptz) returns text language sql stable
return to_char(week at time zone 'UTC', 'IYYY"w"IW');

create function holdfast.id_time(id bigint) returns timestamptz language sql immutable
return to_timestamp((id >> 20) / 1000.0);

-- ---------------------------------------------------------------- partitions ahead

-- Makes one partition, and moves in what waited for it in the default one. Made beside the table and attached to it:
-- only what goes into the default partition meanwhile has to wait.
create function holdfast.make_partition(parent text, label text, key text, low text, high text) returns void language plpgsql
security definer set search_path = holdfast, pg_temp as $$
declare
  made text := format('holdfast.%I', parent || '_' || label);
  spare text := format('holdfast.%I', parent || '_default');
  waiting boolean;
begin
  if to_regclass(made) is not null then return; end if;
  execute format('create table %s (like holdfast.%I including defaults including constraints including storage)', made, parent);
  execute format('lock table %s in access exclusive mode', spare);
  execute format('select exists (select from %s where %I >= %L and %I < %L)', spare, key, low, key, high) into waiting;
  if waiting then
    execute format('with moved as (delete from %s where %I >= %L and %I < %L returning *) insert into %s select * from moved',
                   spare, key, low, key, high, made);
  end if;
  execute format('alter table holdfast.%I attach partition %s for values from (%L) to (%L)', parent, made, low, high);
end $$;

-- Partitions by week, made ahead, and for weeks that nobody made one for in time. Never waits long for a lock: what
-- could not be made is made by the next call, and until then its rows go into the default partition.
create or replace function holdfast.roll(weeks_ahead integer default 2) returns void language plpgsql
security definer set search_path = holdfast, pg_temp set lock_timeout = '200ms' as $$
declare
  week timestamptz;
begin
  -- One process at a time; the others then find everything made.
  if not pg_try_advisory_xact_lock(hashtextextended('holdfast.roll', 0)) then return; end if;
  for week in
    select w from generate_series(holdfast.week_of(now()), holdfast.week_of(now()) + weeks_ahead * interval '1 week', interval '1 week') w
    union select holdfast.week_of(holdfast.id_time(id)) from holdfast.job_default where id between 0 and holdfast.id_at(now() + weeks_ahead * interval '1 week')
    union select holdfast.week_of(finished_at) from holdfast.done_default where finished_at < now() + weeks_ahead * interval '1 week'
    order by 1
  loop
    begin
      perform holdfast.make_partition('job', holdfast.week_label(week), 'id', holdfast.id_at(week)::text, holdfast.id_at(week + interval '1 week')::text);
      perform holdfast.make_partition('done', holdfast.week_label(week), 'finished_at', week::text, (week + interval '1 week')::text);
      perform holdfast.make_partition('attempt', holdfast.week_label(week), 'ended_at', week::text, (week + interval '1 week')::text);
    exception when lock_not_available then
      raise warning 'the partitions of week % are not made yet: a long transaction is in the way', holdfast.week_label(week);
    end;
  end loop;
end $$;

-- Rows, at most `most` of each table, that lie in default partitions: nobody made theirs in time.
create function holdfast.strays(most integer) returns integer language sql stable as $$
  select (select count(*) from (select from holdfast.job_default limit most) j)::integer
       + (select count(*) from (select from holdfast.done_default limit most) d)::integer
       + (select count(*) from (select from holdfast.attempt_default limit most) a)::integer
$$;

-- ---------------------------------------------------------------- what may go

-- Those of these ended jobs that nothing open depends on, and whose relatives ended before `before`, too.
create function holdfast.may_go(ended bigint[], before timestamptz) returns setof bigint language sql stable as $$
  select j.id from unnest(ended) e(id) join holdfast.job j on j.id = e.id
  where not exists (select from holdfast.effect x where x.job = j.id and x.state in ('sent', 'unknown'))
    and (j.root = j.id or not exists (select from holdfast.job r where r.id = j.root)
         or exists (select from holdfast.done d where d.id = j.root and d.finished_at < before))
    and not exists (
      select from holdfast.step s join holdfast.job p on p.id = s.parent
      where s.child = j.id and not exists (select from holdfast.done d where d.id = s.parent and d.finished_at < before))
    and (j.lane is null or not exists (select from holdfast.lane l where l.lane = holdfast.lane_hash(j.lane) and l.holder = j.id))
$$;

-- The one who cleans up; retry and fork wait for the end of its transaction, so that what they build on stays.
create function holdfast.pruning() returns boolean language sql volatile
return pg_try_advisory_xact_lock(hashtextextended('holdfast.prune', 0));

-- Removes row by row what ended before `before` (jobs that did not complete: before `failed_before`), looking at the
-- `most` jobs after `after`. `next` is where to go on; null: that was all.
create function holdfast.prune(before timestamptz, failed_before timestamptz, after bigint, most integer, out removed integer, out next bigint)
language plpgsql as $$
#variable_conflict use_variable
declare
  seen bigint[];
  old bigint[];
  gone bigint[];
begin
  removed := 0;
  next := after;
  if not holdfast.pruning() then return; end if;
  select array_agg(d.id order by d.id), array_agg(d.id order by d.id) filter (where d.outcome = 0 or d.finished_at < failed_before) into seen, old
    from (select d.id, d.outcome, d.finished_at from holdfast.done d
          where d.finished_at < before and (after is null or d.id > after) order by d.id limit most) d;
  next := case when cardinality(seen) = most then seen[most] end;
  if old is null then return; end if;
  gone := array(select g from holdfast.may_go(old, before) g);
  -- Whoever retries one of them just now keeps it.
  gone := array(select d.id from holdfast.done d where d.id = any(gone) and d.finished_at < before for update skip locked);
  delete from holdfast.job j where j.id = any(gone);
  get diagnostics removed = row_count;
  perform holdfast.forget(gone);
  delete from holdfast.attempt a where a.id = any(gone);
  delete from holdfast.done d where d.id = any(gone);
end $$;

-- What belongs to jobs that are gone.
create function holdfast.forget(jobs bigint[]) returns void language sql as $$
  delete from holdfast.step where parent = any(jobs);
  delete from holdfast.merged where job = any(jobs);
  delete from holdfast.signal where job = any(jobs);
  delete from holdfast.progress where job = any(jobs);
  delete from holdfast.cancellation where job = any(jobs);
  delete from holdfast.effect where job = any(jobs) and state not in ('sent', 'unknown');
$$;

-- After whole weeks went: takes away what belonged to their jobs, at most `most` rows of each table. Returns how many.
create function holdfast.sweep_orphans(before timestamptz, most integer) returns integer language plpgsql as $$
declare
  below bigint := holdfast.id_at(before);
  orphans bigint[];
begin
  orphans := array(
    (select s.parent from holdfast.step s where s.parent < below and not exists (select from holdfast.job j where j.id = s.parent) order by s.parent limit most)
    union (select m.job from holdfast.merged m where m.job < below and not exists (select from holdfast.job j where j.id = m.job) order by m.job limit most)
    union (select s.job from holdfast.signal s where s.job < below and not exists (select from holdfast.job j where j.id = s.job) order by s.job limit most)
    union (select p.job from holdfast.progress p where p.job < below and not exists (select from holdfast.job j where j.id = p.job) order by p.job limit most)
    union (select e.job from holdfast.effect e where e.job < below and e.state not in ('sent', 'unknown')
             and not exists (select from holdfast.job j where j.id = e.job) order by e.job limit most));
  perform holdfast.forget(orphans);
  return cardinality(orphans);
end $$;

-- ---------------------------------------------------------------- whole weeks

-- Whether all jobs of a partition of `job` may go.
create function holdfast.week_may_go(partition regclass, before timestamptz, failed_before timestamptz) returns boolean language plpgsql stable as $$
declare
  stays boolean;
begin
  -- The cheap question first: one open job keeps the week.
  execute format('select exists (select from %s j left join holdfast.done d on d.id = j.id and d.finished_at < $1
                                 where d.id is null or (d.outcome <> 0 and d.finished_at >= $2))', partition) into stays using before, failed_before;
  if stays then return false; end if;
  execute format('select exists (select from %s j where j.root <> j.id and not exists (select from holdfast.done d where d.id = j.root and d.finished_at < $1)
                                   and exists (select from holdfast.job r where r.id = j.root))
      or exists (select from %1$s j join holdfast.lane l on l.holder = j.id)
      or exists (select from holdfast.effect e join %1$s j on j.id = e.job where e.state in (''sent'', ''unknown''))
      or exists (select from %1$s j join holdfast.step s on s.child = j.id join holdfast.job p on p.id = s.parent
                 where not exists (select from holdfast.done d where d.id = s.parent and d.finished_at < $1))', partition) into stays using before;
  return not stays;
end $$;

-- Drops one partition, if nobody is in the way for longer than a moment: while this waits for its locks, others wait
-- behind it.
create function holdfast.drop_partition(parent text, partition regclass) returns boolean language plpgsql
security definer set search_path = holdfast, pg_temp set lock_timeout = '20ms' as $$
begin
  if not exists (select from pg_inherits i where i.inhrelid = partition and i.inhparent = format('holdfast.%I', parent)::regclass) then
    raise exception '% is not a partition of %', partition, parent using errcode = 'invalid_parameter_value';
  end if;
  execute format('lock table only holdfast.%I in access exclusive mode', parent);
  execute format('drop table %s', partition);
  return true;
exception when lock_not_available then
  return false;
end $$;

-- Drops one week whose jobs all may go. Returns the name of what was dropped; `busy`: somebody was in the way, ask again.
-- One partition for each call, since each takes a lock that everybody else has to wait for.
create function holdfast.drop_week(before timestamptz, failed_before timestamptz, out dropped text, out busy boolean) language plpgsql
security definer set search_path = holdfast, pg_temp as $$
#variable_conflict use_variable
declare
  candidate record;
  ends timestamptz;
  empty boolean;
begin
  busy := not holdfast.pruning();
  if busy then return; end if;
  for candidate in
    select p.relname::text as parent, c.oid::regclass as partition, to_timestamp(right(c.relname, 7), 'IYYY"w"IW') as week
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
    where p.relnamespace = 'holdfast'::regnamespace and p.relname in ('job', 'done', 'attempt') and c.relname ~ '_\d{4}w\d\d$'
    order by p.relname = 'job' desc, c.relname
  loop
    ends := (candidate.week at time zone current_setting('TimeZone')) at time zone 'UTC' + interval '1 week';
    continue when ends > before;
    if candidate.parent = 'job' then
      empty := holdfast.week_may_go(candidate.partition, before, failed_before);
    else
      -- How a job ended may not be forgotten before the job.
      execute format('select not exists (select from %s)', candidate.partition) into empty;
      empty := empty or not exists (select from holdfast.job j where j.id < holdfast.id_at(ends));
    end if;
    continue when not empty;
    busy := not holdfast.drop_partition(candidate.parent, candidate.partition);
    if not busy then dropped := candidate.partition::text; end if;
    return;
  end loop;
end $$;

-- ---------------------------------------------------------------- erasure

-- Blanks what these ended jobs, and all that came of them, carried: arguments, results, errors, signals, notes, names of
-- lanes and limits. The rows stay, with kind, times and outcome. Returns how many jobs: what has not ended is left alone
-- (cancel it first). Keys in `uniq` stay until they expire: without them a repeated message would run again.
create function holdfast.erase(jobs bigint[]) returns integer language plpgsql as $$
declare
  erased bigint[];
begin
  perform pg_advisory_xact_lock_shared(hashtextextended('holdfast.prune', 0));
  -- A workflow that goes on still reads what its steps said; whoever retries one just now keeps it.
  erased := array(select d.id from holdfast.job j join holdfast.done d on d.id = j.id
                  where (j.id = any(jobs) or j.root = any(jobs)) and exists (select from holdfast.done r where r.id = j.root)
                  order by d.id for update of d skip locked);
  update holdfast.job j set payload = 'null', key = '', limit_key = null, trace = null,
      lane = case when exists (select from holdfast.lane l where l.lane = holdfast.lane_hash(j.lane) and l.holder = j.id) then j.lane end
    where j.id = any(erased);
  update holdfast.done d set output = null where d.id = any(erased) and d.output is not null;
  update holdfast.attempt a set error = null where a.id = any(erased) and a.error is not null;
  update holdfast.step s set output = 'null' where (s.parent = any(erased) or s.child = any(erased)) and s.output is not null;
  update holdfast.merged m set payload = 'null' where m.job = any(erased);
  update holdfast.effect e set reason = null where e.job = any(erased) and e.reason is not null;
  delete from holdfast.signal s where s.job = any(erased);
  delete from holdfast.progress p where p.job = any(erased);
  delete from holdfast.cancellation c where c.job = any(erased);
  return cardinality(erased);
end $$;

grant execute on all functions in schema holdfast to holdfast_app;
