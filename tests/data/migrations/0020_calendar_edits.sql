-- A rule that goes on as another one, with a session of it that was moved, and a booking that may be given up free.
insert into session_rule (tenant_id, id, service_id, location_id, weekdays, starts_at, minutes, capacity, price_minor, valid_from, valid_until)
  values (1, 900, 1, 1, '{2}', '06:00', 60, 10, 1500, '2027-01-01', '2027-01-31');
insert into session_rule (tenant_id, id, service_id, location_id, weekdays, starts_at, minutes, capacity, price_minor, valid_from, follows)
  values (1, 901, 1, 1, '{2}', '06:30', 60, 10, 1500, '2027-02-01', 900);
insert into session (tenant_id, id, rule_id, rule_day, service_id, location_id, starts_at, ends_at, capacity, price_minor, currency, changes)
  values (1, 900, 901, '2027-02-02', 1, 1, '2027-02-03 06:00+00', '2027-02-03 07:00+00', 10, 1500, 'EUR', 1);
update seat set free_cancel = true where tenant_id = 1 and id = 1;
