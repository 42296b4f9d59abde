-- The calendar can be edited: a session knows which day of its rule it is, and a booking whether it may be given up free.

alter table public.seat add column free_cancel boolean not null default false;
comment on column public.seat.free_cancel is
  'Time, place or person changed after it was booked: everything comes back whenever the customer gives it up.';

alter table public.session add column rule_day date,
  add column changes integer not null default 0,
  add constraint session_changes_counted check (changes >= 0);
comment on column public.session.rule_day is
  'The local day of the rule for which it was made. It stays when the session is moved by hand, so that the rule does not make that day again.';
comment on column public.session.changes is 'How often time, place or person changed.';

-- A rule whose time was changed by hand may have made two sessions of a day: the first one is that day's.
update public.session s set rule_day = first.day
  from (select distinct on (o.tenant_id, o.rule_id, (o.starts_at at time zone t.zone)::date)
          o.tenant_id, o.id, (o.starts_at at time zone t.zone)::date as day
        from public.session o join public.tenant t on t.id = o.tenant_id where o.rule_id is not null
        order by o.tenant_id, o.rule_id, (o.starts_at at time zone t.zone)::date, o.id) first
  where s.tenant_id = first.tenant_id and s.id = first.id;
alter table public.session add constraint session_once_per_rule_day unique (tenant_id, rule_id, rule_day);

-- The version before this one does not tell the day.
create function public.tell_rule_day() returns trigger language plpgsql as $$
begin
  select (new.starts_at at time zone t.zone)::date into new.rule_day from public.tenant t where t.id = new.tenant_id;
  return new;
end $$;
create trigger session_of_rule_day before insert on public.session
  for each row when (new.rule_id is not null and new.rule_day is null) execute function public.tell_rule_day();

-- A rule of which nothing is left does not stand in the way of another one at its time.
alter table public.session_rule drop constraint session_rule_slot_unique;
create unique index session_rule_slot_unique
  on public.session_rule (tenant_id, service_id, location_id, starts_at, weekdays, valid_from)
  where valid_until is null or valid_until >= valid_from;
