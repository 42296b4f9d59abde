-- The business's rows of every turn: what was heard and said, what WhatsApp told of it, and what was booked.

insert into turn (tenant_id, id, conversation_id, first_message_id, last_message_id, gathered_at, transcript, outcome, at, tokens_in, tokens_out, model)
select tenant, root, customer, heard, heard, at + interval '810 ms', '[{"role": "user", "parts": [{"part": "text", "text": "quali corsi ci sono domani?"}]}]',
       'answered', at + interval '2330 ms', 1870, 42, 'small-1'
from bench_turn;

insert into message (tenant_id, id, conversation_id, phone_number_id, direction, wamid, kind, text, body, answerable, sent_at, received_at, turn_id, seq, content, state, pricing, billable)
select t.tenant, m.id, t.customer, t.phone_number_id, m.direction, m.wamid, 'text', m.text, m.body, m.answerable, m.at, m.at, t.root, m.seq, m.content, m.state, m.pricing, m.billable
from bench_turn t cross join lateral (values
  (t.heard, 'in', t.heard_wamid, 'quali corsi ci sono domani?', jsonb_build_object('id', t.heard_wamid, 'type', 'text', 'text', jsonb_build_object('body', 'quali corsi ci sono domani?')),
   true, t.at, null::integer, null::jsonb, null, null, null::boolean),
  (t.said, 'out', t.said_wamid, 'Domani ci sono Yoga alle 18:00 e Pilates alle 19:15.', null, false, t.at + interval '1950 ms', 0,
   jsonb_build_object('text', 'Domani ci sono Yoga alle 18:00 e Pilates alle 19:15.'), 'read', 'service', true)
) m(id, direction, wamid, text, body, answerable, at, seq, content, state, pricing, billable);

insert into delivery_status (tenant_id, phone_number_id, wamid, callback, status, at, body, message_id)
select t.tenant, t.phone_number_id, t.said_wamid, t.said::text, s.status, date_trunc('second', t.at) + s.after,
       jsonb_build_object('id', t.said_wamid, 'status', s.status, 'pricing', '{"type": "regular", "billable": true, "category": "service", "pricing_model": "PMP"}'::jsonb), t.said
from bench_turn t cross join (values ('sent', interval '3 s'), ('delivered', interval '4 s'), ('read', interval '60 s')) s(status, after);

-- 2,000 people have booked a place, each in their last turn.
with session as (
  insert into session (tenant_id, service_id, location_id, starts_at, ends_at, capacity, price_minor, currency)
  select s.tenant_id, s.service_id, s.location_id, now() + n * interval '3 hours', now() + n * interval '3 hours' + interval '1 hour', 10, 1500, 'EUR'
  from (select * from session order by id limit 1) s, generate_series(1, 200) n returning id, tenant_id
), slot as (select id, tenant_id, row_number() over (order by id) - 1 as number from session), wish as (
  select distinct on (t.customer) t.customer, t.root, t.at from bench_turn t where t.customer <= 2000 order by t.customer, t.n desc
), proposed as (
  insert into proposal (tenant_id, conversation_id, customer_id, kind, session_id, summary, language, price_minor, currency, turn_id, state, created_at, expires_at, decided_at)
  select s.tenant_id, w.customer, w.customer, 'book', s.id, 'Yoga', 'it', 1500, 'EUR', w.root, 'accepted', w.at, w.at + interval '1 hour', w.at + interval '1 minute'
  from wish w join slot s on s.number = w.customer % 200 returning *
)
insert into seat (tenant_id, session_id, customer_id, state, price_minor, currency, proposal_id, created_at)
select tenant_id, session_id, customer_id, 'booked', price_minor, currency, id, decided_at from proposed;

-- The next ones get other ids.
select setval(pg_get_serial_sequence('customer', 'id'), 1000000000), setval(pg_get_serial_sequence('conversation', 'id'), 1000000000), setval(pg_get_serial_sequence('message', 'id'), 1000000000);
