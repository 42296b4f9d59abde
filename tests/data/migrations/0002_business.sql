-- A studio, one of its classes, a customer with a place in it, and what they said.
insert into tenant (id, slug, name, zone, currency, language) values (1, 'prova', 'Studio Prova', 'Europe/Rome', 'EUR', 'it');
insert into channel (phone_number_id, tenant_id, display_phone) values ('200000000000002', 1, '+39 049 555 0199');
insert into location (tenant_id, id, name, address) values (1, 1, 'Sala A', 'Via Roma 1, Padova');
insert into crew (tenant_id, id, name) values (1, 1, 'Giulia Rossi');
insert into service (tenant_id, id, slug, name) values (1, 1, 'yoga', '{"it": "Yoga", "en": "Yoga"}');
insert into crew_service (tenant_id, crew_id, service_id) values (1, 1, 1);
insert into session_rule (tenant_id, id, service_id, location_id, crew_id, weekdays, starts_at, minutes, capacity, price_minor)
  values (1, 1, 1, 1, 1, '{1,3}', '19:00', 60, 10, 1500);
insert into session (tenant_id, id, rule_id, service_id, location_id, crew_id, starts_at, ends_at, capacity, price_minor, currency)
  values (1, 1, 1, 1, 1, 1, '2026-11-23 18:00+00', '2026-11-23 19:00+00', 10, 1500, 'EUR');
insert into customer (tenant_id, id, phone, name, language) values (1, 1, '393335550101', 'Anna', 'it');
insert into conversation (tenant_id, id, phone_number_id, customer_id) values (1, 1, '200000000000002', 1);
insert into turn (tenant_id, id, conversation_id, gathered_at, outcome, at) values (1, 7, 1, now(), 'answered', now());
insert into message (tenant_id, id, conversation_id, phone_number_id, direction, wamid, kind, text, body, answerable, sent_at, received_at, turn_id)
  values (1, 1, 1, '200000000000002', 'in', 'wamid.in', 'text', 'yoga domani', '{}', true, now(), now(), 7);
insert into message (tenant_id, id, conversation_id, phone_number_id, direction, kind, sent_at, received_at, turn_id, seq, content, state)
  values (1, 2, 1, '200000000000002', 'out', 'text', now(), now(), 7, 0, '{"text": "Ciao"}', 'planned');
insert into delivery_status (tenant_id, phone_number_id, wamid, status, at, body)
  values (1, '200000000000002', 'wamid.unknown', 'sent', now(), '{}');
insert into proposal (tenant_id, id, conversation_id, customer_id, kind, session_id, summary, language, price_minor, currency, turn_id, created_at, expires_at)
  values (1, 1, 1, 1, 'book', 1, 'Yoga', 'it', 1500, 'EUR', 7, now(), now() + interval '1 day');
insert into seat (tenant_id, id, session_id, customer_id, state, price_minor, currency, proposal_id, created_at)
  values (1, 1, 1, 1, 'booked', 1500, 'EUR', 1, now());
insert into webhook_event (digest, body, received_at) values ('\x01', '{}', now());
insert into webhook_quarantine (event_id, phone_number_id, reason, at) select id, '9', 'unknown phone number', now() from webhook_event;
