-- The engine's rows of every turn: the workflow, its four steps, their results, and the message that left the house.

select count(holdfast.make_partition('job', holdfast.week_label(w), 'id', holdfast.id_at(w)::text, holdfast.id_at(w + interval '1 week')::text)),
       count(holdfast.make_partition('done', holdfast.week_label(w), 'finished_at', w::text, (w + interval '1 week')::text)),
       count(holdfast.make_partition('attempt', holdfast.week_label(w), 'ended_at', w::text, (w + interval '1 week')::text))
from generate_series(holdfast.week_of(now() - interval '61 days'), holdfast.week_of(now()), interval '1 week') w;

insert into holdfast.job (id, kind, priority, tenant, root, parent, step, key, lane, payload, created_at)
select s.id, k.id, s.priority, t.tenant, t.root, case when s.step is not null then t.root end, s.step, s.key, s.lane, s.payload, s.at
from bench_turn t cross join lateral (values
  (t.root, 'answer_message', 0::smallint, null, t.tenant || ':' || t.customer, 'conversation:' || t.tenant || ':' || t.customer,
   json_build_object('tenant', t.tenant, 'conversation', t.customer), t.at),
  (t.gather, 'gather_burst', 0, 'gather', '', null, json_build_object('conversation', t.customer, 'turn', t.root), t.at + interval '800 ms'),
  (t.think, 'think', 0, 'think/1', '', null,
   json_build_object('conversation', t.customer, 'customer', t.customer, 'language', 'it', 'at', t.at, 'said',
     '[{"role":"user","parts":[{"part":"text","text":"quali corsi ci sono domani?"}]}]'::json, 'words_only', false), t.at + interval '830 ms'),
  (t.tool, 'find_sessions', 0, 'find_sessions/1.0', '', null,
   json_build_object('asker', json_build_object('conversation', t.customer, 'customer', t.customer, 'language', 'it', 'turn', t.root, 'at', t.at, 'zone', 'Europe/Rome'),
     'wish', '{"activity":"yoga","part_of_day":"evening"}'::json), t.at + interval '1900 ms'),
  (t.say, 'send_reply', -5, 'say', '', null,
   json_build_object('conversation', t.customer, 'turn', t.root, 'number', 0, 'content', json_build_object('text', 'Domani ci sono Yoga alle 18:00 e Pilates alle 19:15.'),
     'must_say', false, 'transcript', null, 'spent', '{}'::json), t.at + interval '1930 ms')
) s(id, kind, priority, step, key, lane, payload, at) join holdfast.kind k on k.name = s.kind;

-- One think of twenty worked at the second attempt.
insert into holdfast.done (id, started_at, finished_at, outcome, attempts, kind, tenant, worker, output)
select s.id, t.at + s.begun, t.at + s.ended, 0, s.attempts, k.id, t.tenant, 1, s.output
from bench_turn t cross join lateral (values
  (t.root, 'answer_message', 1::smallint, interval '790 ms', interval '2350 ms',
   json_build_object('turn', json_build_object('said', 'sent', 'message', t.said, 'wamid', t.said_wamid))),
  (t.gather, 'gather_burst', 1, '805 ms', '825 ms',
   json_build_object('conversation', t.customer, 'phone_number_id', t.phone_number_id, 'customer', t.customer, 'language', 'it', 'zone', 'Europe/Rome', 'messages',
     json_build_array(json_build_object('id', t.heard, 'wamid', t.heard_wamid, 'kind', 'text', 'text', 'quali corsi ci sono domani?', 'payload', null, 'sent_at', t.at)),
     'open_proposal', null, 'open_offer', null, 'open_plan', null, 'last_wamid', t.heard_wamid)),
  (t.think, 'think', case when t.n % 20 = 0 then 2 else 1 end, '850 ms', '1890 ms',
   '{"parts":[{"part":"tool_call","id":"call_0_0","name":"find_sessions","args":{"activity":"yoga","part_of_day":"evening"}}],"stop":"tool_use","language":"it","usage":{"input":1870,"output":42},"model":"small-1"}'::json),
  (t.tool, 'find_sessions', 1, '1905 ms', '1920 ms',
   '{"sessions":[{"session_id":9,"service":"Yoga","crew":"Elena Conti","location":"Studio Centro","date":"2026-11-23","time":"18:00","weekday":"monday","ends":"19:00","spots_left":10,"capacity":10,"price":{"minor":1500,"currency":"EUR"},"already_booked":false}],"more":0}'::json),
  (t.say, 'send_reply', 1, '1940 ms', '2340 ms', json_build_object('said', 'sent', 'message', t.said, 'wamid', t.said_wamid))
) s(id, kind, attempts, begun, ended, output) join holdfast.kind k on k.name = s.kind;

insert into holdfast.attempt (id, number, started_at, ended_at, worker, ending, error)
select think, 1, at + interval '835 ms', at + interval '845 ms', 1, 'failed', 'the model''s provider is overloaded: HTTP 529 of request req_' || n
from bench_turn where n % 20 = 0;

insert into holdfast.step (parent, name, child)
select t.root, s.name, s.child
from bench_turn t cross join lateral (values ('gather', t.gather), ('think/1', t.think), ('find_sessions/1.0', t.tool), ('say', t.say)) s(name, child);

insert into holdfast.effect (key, job, state, reference, planned_at, sent_at, settled_at)
select 'whatsapp:' || said, say, 'confirmed', said_wamid, at + interval '1950 ms', at + interval '1950 ms', at + interval '2300 ms' from bench_turn;

-- 3,000 that died in the last ten days, of seven things.
with trouble as (
  select * from (values
    (0, 'think', 'the provider of the model is overloaded: HTTP 529 of request req_'),
    (1, 'think', 'the model could not be reached: timed out after 60 s in request req_'),
    (2, 'send_reply', 'WhatsApp did not answer within 15 s to message '),
    (3, 'send_notice', 'WhatsApp refused: (#131026) Message undeliverable, notice '),
    (4, 'pay_back', 'the payment provider refused: charge_already_refunded, refund '),
    (5, 'create_payment_link', 'the payment provider could not be reached: connection reset by peer, seat '),
    (6, 'settle_payment', 'no payment is known for event evt_')) x(number, kind, error)
), dead as (
  select m, date_trunc('milliseconds', now() - interval '3 minutes' - m / 3000.0 * interval '10 days') as at, 1000000 + m as counter,
         k.id as kind, t.error || m as error, h.id as tenant
  from generate_series(0, 2999) m join trouble t on t.number = m % 7 join holdfast.kind k on k.name = t.kind
  join tenant h on h.slug = case when m % 5 = 0 then 'bench' else 'demo' end
), put as (
  insert into holdfast.job (id, kind, tenant, root, payload, created_at)
  select holdfast.id_at(at) + counter, kind, tenant, holdfast.id_at(at) + counter, json_build_object('number', m), at from dead
), ended as (
  insert into holdfast.done (id, started_at, finished_at, outcome, attempts, kind, tenant, worker, output)
  select holdfast.id_at(at) + counter, at + interval '40 s', at + interval '41 s', 1, 3, kind, tenant, 1, json_build_object('error', error) from dead
)
insert into holdfast.attempt (id, number, started_at, ended_at, worker, ending, error)
select holdfast.id_at(at) + counter, a, at + (a - 1) * interval '20 s', at + (a - 1) * interval '20 s' + interval '1 s', 1, 'failed', error from dead, generate_series(1, 3) a;

-- And a hundred of a kind that is seldom asked for.
with rare as (
  select date_trunc('milliseconds', now() - interval '4 minutes' - m / 100.0 * interval '60 days') as at, 1010000 + m as counter, k.id as kind, h.id as tenant
  from generate_series(0, 99) m, holdfast.kind k, tenant h where k.name = 'export_customer' and h.slug = 'demo'
), put as (
  insert into holdfast.job (id, kind, tenant, root, payload, created_at)
  select holdfast.id_at(at) + counter, kind, tenant, holdfast.id_at(at) + counter, '{}', at from rare
)
insert into holdfast.done (id, started_at, finished_at, outcome, attempts, kind, tenant, worker)
select holdfast.id_at(at) + counter, at, at + interval '5 s', 0, 1, kind, tenant, 1 from rare;
