-- Schedules that can be paused, triggered and changed while the house is open.
--
-- A tick counts when it is later than `last_tick` and `counts_from`. Both are instants: what the zone makes of the
-- expression is worked out anew each time, so that changed rules of a zone need no repair here.

alter table holdfast.schedule
  add column created_at timestamptz,
  add column expression text,
  add column zone text,
  add column counts_from timestamptz,
  add column queued timestamptz,
  add column runs bigint[] not null default '{}',
  add column pause bigint;
comment on column holdfast.schedule.last_tick is 'The latest tick that became a job; the creation of the line before its first.';
comment on column holdfast.schedule.expression is 'As the process that started last brought it; all processes obey it.';
comment on column holdfast.schedule.counts_from is 'Ticks until then make no job: dropped by a policy, or before a resume or a change of the line.';
comment on column holdfast.schedule.queued is 'A tick that waits for the run before it.';
comment on column holdfast.schedule.runs is 'Jobs of the latest run, and of those before it that may still be going; the newest is last.';
comment on column holdfast.schedule.pause is 'The act that paused the line; null while it runs.';

create table holdfast.schedule_act (
  id bigint generated always as identity primary key,
  schedule text not null,
  act text not null,
  who text not null,
  why text not null,
  at timestamptz not null default clock_timestamp(),
  job bigint,
  constraint schedule_act_known check (act in ('pause', 'resume', 'trigger')),
  constraint schedule_act_who check (btrim(who) <> '' and length(who) <= 200),
  constraint schedule_act_why check (btrim(why) <> '' and length(why) <= 1000)
);
create index schedule_act_of on holdfast.schedule_act (schedule, id);
create index schedule_act_open on holdfast.schedule_act (schedule) where act = 'trigger' and job is null;
comment on table holdfast.schedule_act is 'What people did to schedules. A trigger''s job is null until a worker has made it.';

-- No ticks until the resume; one that waits for the run before it is dropped. False: there is no such schedule.
create function holdfast.pause_schedule(schedule text, who text, why text) returns boolean language plpgsql as $$
declare
  made bigint;
begin
  perform from holdfast.schedule s where s.name = pause_schedule.schedule for update;
  if not found then return false; end if;
  insert into holdfast.schedule_act (schedule, act, who, why)
    values (pause_schedule.schedule, 'pause', pause_schedule.who, pause_schedule.why) returning id into made;
  -- Who paused first is told until the resume.
  update holdfast.schedule s set pause = coalesce(s.pause, made), queued = null where s.name = pause_schedule.schedule;
  return true;
end $$;

-- Ticks count again from now; nothing happens to a schedule that runs. False: there is no such schedule.
create function holdfast.resume_schedule(schedule text, who text, why text) returns boolean language plpgsql as $$
declare
  paused boolean;
begin
  select s.pause is not null into paused from holdfast.schedule s where s.name = resume_schedule.schedule for update;
  if not found then return false; end if;
  if paused then
    insert into holdfast.schedule_act (schedule, act, who, why)
      values (resume_schedule.schedule, 'resume', resume_schedule.who, resume_schedule.why);
    update holdfast.schedule s set pause = null, counts_from = clock_timestamp() where s.name = resume_schedule.schedule;
  end if;
  return true;
end $$;

-- Asks the workers for one job at once, paused or not; ticks are as before. Returns the act. Null: there is no such schedule.
create function holdfast.trigger_schedule(schedule text, who text, why text) returns bigint language sql as $$
  insert into holdfast.schedule_act (schedule, act, who, why)
    select s.name, 'trigger', trigger_schedule.who, trigger_schedule.why
    from holdfast.schedule s where s.name = trigger_schedule.schedule
    returning id
$$;

grant select, insert, update, delete on holdfast.schedule_act to holdfast_app;
grant execute on function holdfast.pause_schedule(text, text, text), holdfast.resume_schedule(text, text, text),
  holdfast.trigger_schedule(text, text, text) to holdfast_app;
