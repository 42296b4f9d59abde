-- One line from before, one that is paused with a tick behind it, and one that somebody wants to run now.
insert into holdfast.schedule (name, expression, zone, last_tick, counts_from, runs)
  values ('nightly', '0 10 3 * * *', 'Europe/Rome', now() - interval '1 day', now() - interval '1 hour', '{1,2}'),
         ('reminders:7', '0 0 9 * * MON', 'America/New_York', now(), null, '{}');
select holdfast.pause_schedule('nightly', 'ada', 'the database moves tonight');
select holdfast.trigger_schedule('reminders:7', 'ada', 'the test of the new text');
