-- One of everything that the console shows, of a new business. Every text that somebody outside may write is the mark:
-- `console.mark` of the session. `made` tells the ids afterwards.
create function pg_temp.mark() returns text language sql as $$ select current_setting('console.mark') $$;
create function pg_temp.cut(most integer) returns text language sql as $$ select btrim(left(current_setting('console.mark'), most)) $$;
create function pg_temp.key(most integer) returns text language sql as $$ select left(regexp_replace(current_setting('console.mark'), '[\u0001-\u001f\u007f-\u009f]', 'x', 'g'), most) $$;
create temp table made (what text primary key, id bigint not null) on commit preserve rows;

with new as (
  insert into tenant (slug, name, zone, currency, language)
  select 'studio-' || floor(random() * 1e15)::bigint, pg_temp.mark(), 'Europe/Rome', 'EUR', 'en' returning id)
insert into made select 'tenant', id from new;
create function pg_temp.tenant() returns bigint language sql as $$ select id from made where what = 'tenant' $$;
create function pg_temp.made(what text) returns bigint language sql as $$ select m.id from made m where m.what = $1 $$;

-- Jobs in all states.
create function pg_temp.job(kind text, what text, due timestamptz default now(), lane text default null) returns bigint language sql as $$
  select e.id from holdfast.enqueue($1, json_build_object('text', pg_temp.mark(), 'name', pg_temp.mark(), pg_temp.cut(200), true),
    tenant => pg_temp.tenant(), key => pg_temp.key(400) || $2, run_at => $3, lane => $4, limit_key => pg_temp.key(400)) e $$;
insert into made select what, pg_temp.job('send_reply', what)
  from unnest(array['ready', 'retrying', 'held', 'running', 'completed', 'dead', 'timed_out', 'cancelled', 'sender']) what;
insert into made values ('scheduled', pg_temp.job('send_reply', 'scheduled', now() + interval '1 day')),
  ('in_lane', pg_temp.job('send_reply', 'in_lane', now(), pg_temp.key(300))), ('blocked', pg_temp.job('send_reply', 'blocked', now(), pg_temp.key(300))),
  ('flow', pg_temp.job('answer_message', 'flow'));

with gone as (delete from holdfast.ready r using made m where m.id = r.id and m.what in ('retrying', 'flow') returning r.*, m.what)
insert into holdfast.later (id, run_at, kind, priority, attempts, lane, holds_lane, wakeable, awaiting, tenant)
  select id, now() + interval '1 hour', kind, priority, 2, lane, holds_lane, what = 'flow', case when what = 'flow' then 1 end, tenant from gone;
with gone as (delete from holdfast.ready r using made m where m.id = r.id and m.what = 'held' returning r.*)
insert into holdfast.held (gate, priority, rank, id, kind, tenant, attempts, losses, lane, holds_lane)
  select holdfast.gate_id('pause', tenant, pg_temp.cut(50)), priority, rank, id, kind, tenant, 0, 0, lane, holds_lane from gone;
with gone as (delete from holdfast.ready r using made m where m.id = r.id and m.what = 'blocked' returning r.*)
insert into holdfast.blocked (lane, id, kind, priority, attempts, losses, tenant) select lane, id, kind, priority, 0, 0, tenant from gone;
insert into holdfast.worker (name, version) values (pg_temp.cut(100), '1');
with gone as (delete from holdfast.ready r using made m where m.id = r.id and m.what = 'running' returning r.*)
insert into holdfast.claim (worker, ids, attempts, losses) select (select max(id) from holdfast.worker), array[id], '{1}', '{0}' from gone;
with gone as (
  delete from holdfast.ready r using made m where m.id = r.id and m.what in ('completed', 'sender', 'dead', 'timed_out', 'cancelled') returning r.*, m.what)
insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, worker, output)
  select id, now(), case what when 'cancelled' then 2 when 'dead' then 1 when 'timed_out' then 1 else 0 end, 3, kind, tenant,
    (select max(id) from holdfast.worker), json_build_object('error', pg_temp.mark(), 'text', pg_temp.mark(), pg_temp.cut(200), pg_temp.mark()) from gone;
insert into holdfast.attempt (id, number, started_at, worker, ending, error)
  select id, n, now(), (select max(id) from holdfast.worker), case what when 'timed_out' then 'timed_out' else 'failed' end, pg_temp.mark()
  from made, generate_series(1, 3) n where what in ('retrying', 'dead', 'timed_out', 'flow', 'cancelled');
insert into holdfast.cancellation (job, reason) select id, pg_temp.mark() from made where what in ('cancelled', 'running');
insert into holdfast.revision (job, number, payload, by) select id, 1, json_build_object('text', pg_temp.mark()), pg_temp.cut(200) from made where what = 'dead';
insert into holdfast.progress (job, data) select id, json_build_object(pg_temp.cut(200), pg_temp.mark()) from made where what = 'running';
insert into holdfast.merged (job, number, payload) select id, 1, json_build_object('text', pg_temp.mark()) from made where what = 'ready';

insert into holdfast.log_line (at, root, job, level, process, text)
  select now(), id, id, 'warn', pg_temp.cut(100), pg_temp.cut(1000) from made where what in ('dead', 'flow', 'running');

-- A workflow with a step that is done, a step that failed, a wait, and a signal that came too early.
with new as (
  insert into holdfast.job (id, kind, tenant, root, parent, step, payload)
  select holdfast.next_id(), k.id, pg_temp.tenant(), pg_temp.made('flow'), pg_temp.made('flow'), s.name, json_build_object('text', pg_temp.mark())
  from holdfast.kind k, (values (pg_temp.cut(200) || ' 1'), (pg_temp.cut(200) || ' 2')) s(name) where k.name = 'think' returning id, kind, step)
insert into made select case when step like '% 1' then 'step' else 'failed_step' end, id from new;
insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
  select j.id, now(), case m.what when 'step' then 0 else 1 end, 1, j.kind, j.tenant, json_build_object('error', pg_temp.mark(), 'text', pg_temp.mark())
  from made m join holdfast.job j using (id) where m.what in ('step', 'failed_step');
insert into holdfast.attempt (id, number, started_at, ending, error) values (pg_temp.made('failed_step'), 1, now(), 'failed', pg_temp.mark());
insert into holdfast.step (parent, name, child) select j.parent, j.step, j.id from holdfast.job j where j.parent = pg_temp.made('flow');
insert into holdfast.step (parent, name, output, wake_at) values (pg_temp.made('flow'), pg_temp.cut(200), null, now() + interval '1 day');
insert into holdfast.step (parent, name, output) values (pg_temp.made('flow'), pg_temp.cut(200) || ' 3', json_build_object('text', pg_temp.mark()));
insert into holdfast.signal (job, name, id, payload) values (pg_temp.made('flow'), pg_temp.cut(200), pg_temp.cut(200), json_build_object('text', pg_temp.mark()));

-- Who wrote, what, and what was said to them.
insert into channel (phone_number_id, tenant_id, display_phone) values ('55' || pg_temp.tenant(), pg_temp.tenant(), pg_temp.cut(100));
with new as (insert into customer (tenant_id, phone, name) values (pg_temp.tenant(), (39333000000000 + pg_temp.tenant())::text, pg_temp.mark()) returning id)
insert into made select 'customer', id from new;
with new as (
  insert into conversation (tenant_id, phone_number_id, customer_id, needs_person_at, needs_person_reason)
  values (pg_temp.tenant(), '55' || pg_temp.tenant(), pg_temp.made('customer'), now(), pg_temp.mark()) returning id)
insert into made select 'conversation', id from new;
insert into turn (tenant_id, id, conversation_id, gathered_at, transcript, outcome, at, model)
  values (pg_temp.tenant(), pg_temp.made('flow'), pg_temp.made('conversation'), now(), jsonb_build_array(jsonb_build_object('role', 'user', 'text', pg_temp.mark())), 'answered', now(), pg_temp.cut(100));
with new as (
  insert into message (tenant_id, conversation_id, phone_number_id, direction, wamid, kind, text, body, answerable, sent_at, received_at, turn_id)
  values (pg_temp.tenant(), pg_temp.made('conversation'), '55' || pg_temp.tenant(), 'in', 'wamid.in.' || pg_temp.tenant(), 'text', pg_temp.mark(), '{}', true, now(), now(), pg_temp.made('flow'))
  returning id)
insert into made select 'heard', id from new;
with new as (
  insert into message (tenant_id, conversation_id, phone_number_id, direction, wamid, kind, sent_at, received_at, turn_id, seq, text, content, state, error_code, error_reason)
  values (pg_temp.tenant(), pg_temp.made('conversation'), '55' || pg_temp.tenant(), 'out', 'wamid.out.' || pg_temp.tenant(), 'text', now(), now(), pg_temp.made('flow'), 0, pg_temp.mark(),
    jsonb_build_object('text', pg_temp.mark()), 'failed', 131000, pg_temp.mark())
  returning id)
insert into made select 'message', id from new;
insert into delivery_status (tenant_id, phone_number_id, wamid, status, at, error_code, body, message_id)
  values (pg_temp.tenant(), '55' || pg_temp.tenant(), 'wamid.out.' || pg_temp.tenant(), 'failed', now(), 131000,
    jsonb_build_object('errors', jsonb_build_array(jsonb_build_object('title', pg_temp.mark()))), pg_temp.made('message'));
insert into holdfast.effect (key, job, state, reference, reason, sent_at)
  select 'whatsapp:' || pg_temp.made('message'), pg_temp.made('sender'), 'confirmed', 'wamid.out.' || pg_temp.tenant(), null, now()
  union all select pg_temp.cut(400) || ':' || pg_temp.tenant() || ':' || state, pg_temp.made('dead'), state, pg_temp.cut(400), pg_temp.mark(), now()
  from unnest(array['unknown', 'sent', 'planned', 'failed', 'confirmed']) state;

-- What was paused, forced, and done to many.
insert into holdfast.breaker_rule (name, failures, within, wait, wait_max, probes) values ('whatsapp', 3, '10 s', '5 s', '5 min', 2) on conflict do nothing;
insert into holdfast.limit_rule (name, scope, running, changed_by, reason) values ('calls', 'all', 5, pg_temp.cut(200), pg_temp.mark())
  on conflict (name) do update set changed_by = excluded.changed_by, reason = excluded.reason;
insert into holdfast.breaker (id, rule, tenant, state, until, reason, forced_by)
  select holdfast.gate_id('breaker ' || name, pg_temp.tenant(), ''), name, pg_temp.tenant(), 'open', now() + interval '1 hour', pg_temp.mark(), pg_temp.cut(200) from holdfast.breaker_rule;
insert into holdfast.pause (kind, tenant, reason, by) select id, pg_temp.tenant(), pg_temp.mark(), pg_temp.cut(200) from holdfast.kind where name = 'send_reply';
with new as (
  insert into holdfast.bulk (verb, tenant, query, who, reason, state, total, done, ok, results, started_at, finished_at, paused_at, job)
  select 'retry', pg_temp.tenant(), pg_temp.mark(), pg_temp.cut(200), pg_temp.mark(), state, 2, done, done, '{}', now(), case state when 'done' then now() end, case state when 'paused' then now() end,
    case when state <> 'preview' then pg_temp.made('completed') end
  from (values ('preview', 0), ('running', 1), ('paused', 1), ('done', 2)) s(state, done) returning id, state)
insert into made select 'bulk_' || state, id from new;
insert into holdfast.bulk_item (bulk, number, job, kind, result, at)
  select b.id, n, case n when 1 then pg_temp.made('dead') else pg_temp.made('timed_out') end, (select id from holdfast.kind where name = 'send_reply'),
    case when n <= b.done then 'retried' end, case when n <= b.done then now() end
  from holdfast.bulk b, generate_series(1, 2) n where b.tenant = pg_temp.tenant();

-- Who works there, and what they did.
with new as (
  insert into staff (tenant_id, email, name, role, language, password, created_at)
  select pg_temp.tenant(), role || pg_temp.tenant() || '@studio' || pg_temp.tenant() || '.example', pg_temp.cut(100), role, 'en', '$argon2id$v=19$m=19456,t=2,p=1$aG9sZGZhc3Qtbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', now()
  from unnest(array['owner', 'manager']) role returning id, role)
insert into made select role, id from new;
with new as (
  insert into staff_session (staff_id, sha256, opened_at, last_seen_at, password_at, ip, agent)
  values (pg_temp.made('owner'), sha256(convert_to('session ' || pg_temp.tenant(), 'UTF8')), now(), now(), now(), '192.0.2.1', pg_temp.cut(200)) returning id)
insert into made select 'session', id from new;
insert into staff_invite (sha256, tenant_id, email, name, role, invited_by, ends_at)
  values (sha256(convert_to('invitation ' || pg_temp.tenant(), 'UTF8')), pg_temp.tenant(), 'guest' || pg_temp.tenant() || '@studio' || pg_temp.tenant() || '.example', pg_temp.cut(100), 'agent', pg_temp.made('owner'), now() + interval '1 day');
with new as (
  insert into saved_view (staff_id, name, query, shared)
  select pg_temp.made('owner'), pg_temp.cut(50) || shared, pg_temp.cut(900), shared from unnest(array[true, false]) shared returning id, shared)
insert into made select case when shared then 'view' else 'own_view' end, id from new;
insert into audit (at, staff_id, who_name, session_id, tenant_id, act, target, reason, detail, ip)
  select now(), pg_temp.made('owner'), pg_temp.mark(), pg_temp.made('session'), pg_temp.tenant(), 'job.retry', target, pg_temp.mark(),
    jsonb_build_object('before', jsonb_build_object(pg_temp.cut(200), pg_temp.mark()), 'after', jsonb_build_object(pg_temp.cut(200), 'x'), 'query', pg_temp.mark()), '192.0.2.1'
  from unnest(array['job ' || pg_temp.made('dead'), pg_temp.mark(), 'effect ' || pg_temp.cut(400)]) target;

-- What came in, which belongs to the house.
with new as (
  insert into webhook_event (digest, body, received_at)
  values (sha256(convert_to('webhook ' || pg_temp.tenant(), 'UTF8')), convert_to(jsonb_build_object('text', pg_temp.mark())::text, 'UTF8'), now()) returning id)
insert into made select 'webhook', id from new;
insert into webhook_quarantine (event_id, phone_number_id, reason, at) values (pg_temp.made('webhook'), pg_temp.cut(100), pg_temp.mark(), now());
insert into holdfast.schedule (name, expression, zone) values (pg_temp.cut(100) || pg_temp.tenant(), '0 10 3 * * *', 'Europe/Rome');
select holdfast.pause_schedule(pg_temp.cut(100) || pg_temp.tenant(), pg_temp.cut(200), pg_temp.cut(900));
