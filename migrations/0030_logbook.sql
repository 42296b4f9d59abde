-- What processes logged about jobs, for the console: a few lines, for a few days. Logs themselves go where logs go.

create table holdfast.log_line (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  root bigint not null,
  job bigint not null,
  level text not null,
  process text not null,
  text text not null,
  constraint log_line_level check (level in ('error', 'warn', 'info')),
  constraint log_line_length check (length(text) <= 2000 and length(process) <= 200)
);
create index log_line_root on holdfast.log_line (root, id);
comment on table holdfast.log_line is 'Lines that name a job. A process in trouble drops lines rather than writing them late: this is no proof of what was not logged.';

-- Takes away what is older than a week, at most `most` lines; how many.
create function holdfast.sweep_log(most integer) returns integer language sql as $$
  with old as (select l.id from holdfast.log_line l order by l.id limit most),
       gone as (delete from holdfast.log_line l using old where l.id = old.id and l.at < clock_timestamp() - interval '7 days' returning 1)
  select count(*)::integer from gone
$$;

grant select, insert, delete on holdfast.log_line to holdfast_app;
grant execute on function holdfast.sweep_log to holdfast_app;
