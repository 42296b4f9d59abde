-- Everything that a booking business has: a room, terms, a price, a place that was paid and one that is waited for.
insert into room (tenant_id, id, location_id, name) values (1, 1, 1, 'Sala grande');
insert into closure (tenant_id, first_day, last_day, reason) values (1, '2026-12-25', '2026-12-26', 'Natale');
insert into working_hours (tenant_id, crew_id, location_id, weekdays, from_time, until_time) values (1, 1, 1, '{1,2}', '09:00', '13:00');
insert into occupation (tenant_id, crew_id, during, reason) values (1, 1, '[2026-12-01 08:00+00,2026-12-01 12:00+00)', 'dentista');
insert into refund_policy (tenant_id, id, name, tiers, created_at)
  values (1, 1, 'standard', '[{"from": {"more_than_minutes": 1440}, "percent": 100}, {"from": {"at_least_minutes": 0}, "percent": 0, "late": true}]', now());
update tenant set refund_policy_id = 1 where id = 1;
insert into price_rule (tenant_id, id, name, condition, percent)
  values (1, 1, '{"it": "quasi al completo", "en": "almost full"}', '{"when": "occupancy", "at_least_percent": 80}', 20);
insert into quote (tenant_id, id, session_id, customer_id, places, total_minor, currency, price, created_at, expires_at)
  values (1, 1, 1, 1, 1, 1500, 'EUR', '{"base_minor": 1500, "each_minor": 1500, "steps": []}', now(), now() + interval '30 minutes');
insert into customer (tenant_id, id, phone, name) values (1, 2, '393335550102', 'Bruno');
update seat set quote_id = 1, refund_policy_id = 1, payment = 'link' where tenant_id = 1 and id = 1;
insert into seat (tenant_id, id, session_id, customer_id, state, price_minor, currency, created_at, hold_expires_at, via)
  values (1, 2, 1, 2, 'held', 1500, 'EUR', now(), now() + interval '30 minutes', 'waitlist');
insert into waitlist_entry (tenant_id, id, session_id, customer_id, state, seat_id, offer_expires_at, joined_at)
  values (1, 1, 1, 2, 'offered', 2, now() + interval '30 minutes', now());
insert into waitlist_log (tenant_id, entry_id, event, at) values (1, 1, 'joined', now()), (1, 1, 'offered', now());
insert into notice (tenant_id, id, customer_id, kind, subject, due_at) values (1, 1, 2, 'waitlist_offer', 'seat:2', now());
insert into consent (tenant_id, customer_id, granted, source, at) values (1, 1, true, 'staff', now());
insert into template (tenant_id, kind, language, name) values (1, 'reminder', 'it', 'promemoria');
insert into plan (tenant_id, id, name, kind, price_minor, credits, valid_days) values (1, 1, '{"it": "Dieci ingressi", "en": "Ten visits"}', 'credits', 12000, 10, 180);
insert into entitlement (tenant_id, id, customer_id, plan_id, state, starts_at, expires_at, credits, credits_left, price_minor, currency, created_at)
  values (1, 1, 1, 1, 'active', now(), now() + interval '180 days', 10, 9, 12000, 'EUR', now());
insert into entitlement_period (tenant_id, entitlement_id, first_day, used, at_most) values (1, 1, '2026-11-23', 1, 2);
insert into entitlement_use (tenant_id, entitlement_id, seat_id, credits, value_minor, used_at) values (1, 1, 1, 1, 1200, now());
insert into payment (tenant_id, id, customer_id, seat_id, method, state, amount_minor, captured_minor, currency, link, link_url, intent, created_at)
  values (1, 1, 1, 1, 'card', 'captured', 1500, 1500, 'EUR', 'cs_1', 'https://pay.example/cs_1', 'pi_1', now());
insert into refund (tenant_id, id, payment_id, amount_minor, reason, created_at) values (1, 1, 1, 500, 'goodwill', now());
insert into payment_event (tenant_id, event, body, received_at) values (1, 'evt_1', '{}', now());
insert into ledger_entry (tenant_id, id, kind, source, at) values (1, 1, 'capture', 'payment:1', now());
insert into ledger_line (tenant_id, entry_id, account, amount_minor, currency) values (1, 1, 'card', 1500, 'EUR'), (1, 1, 'sales', -1500, 'EUR');
