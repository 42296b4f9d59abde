-- Webhooks of plain messages by customers who are known just as told, in one call that is a transaction of its own: every
-- round trip less is one wait less for a processor that is busy. Anything else is recorded step by step.

-- `bodies` with their digests; of each message `body_of` is its body's position. What answers a conversation is put in as
-- `job`, whose payload, key and lane are patterns in which %s is the conversation.
-- Returns the digests of the bodies that are new; null, with nothing written: somebody is not known like this.
-- It gives up where somebody else holds a row for long, and finds rows by their indexes only: a plan made while the
-- tables were small would read them whole for ever.
create function public.take_in(
  tenant bigint, digests bytea[], bodies bytea[], received timestamptz[],
  body_of integer[], numbers text[], bsuids text[], phones text[], names text[], wamids text[], kinds text[], texts text[], payloads text[],
  replies text[], told text[], answerable boolean[], said timestamptz[],
  job text, job_payload text, job_key text, job_lane text, job_priority integer, quiet interval, quiet_at_most interval
) returns bytea[] language plpgsql
set lock_timeout = '500ms' set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off as $$
#variable_conflict use_variable
declare
  threads bigint[];
  fresh bytea[];
  waiting bigint[];
begin
  perform set_config('holdfast.tenant', tenant::text, true);
  threads := array(
    select v.id
    from unnest(numbers, bsuids, phones, names) with ordinality t(number, bsuid, phone, name, n)
    left join lateral (select c.id, c.phone, c.name from public.customer c where c.bsuid = t.bsuid and c.merged_into is null limit 1) b on true
    left join lateral (select c.id, c.name from public.customer c where t.bsuid is null and c.phone = t.phone and c.merged_into is null limit 1) p on true
    -- A value of its own: under row level security no index is asked for a coalesce.
    cross join lateral (select case when (t.name is null or t.name = coalesce(b.name, p.name)) and (t.phone is null or b.id is null or t.phone = b.phone)
                               then coalesce(b.id, p.id) end as id offset 0) w
    left join lateral (select c.id from public.conversation c where c.customer_id = w.id and c.phone_number_id = t.number and c.merged_into is null limit 1) v on true
    order by t.n);
  if array_position(threads, null) is not null then return null; end if;
  with kept as (
    -- In one order for all processes, so that none wait for each other crosswise.
    insert into public.webhook_event (digest, body, received_at)
      select w.digest, w.body, w.at from unnest(digests, bodies, received) w(digest, body, at) order by w.digest
      on conflict on constraint webhook_event_digest_unique do nothing returning digest
  )
  select coalesce(array_agg(k.digest), '{}') into fresh from kept k;
  if (select count(*) from (select from public.conversation c where c.id = any(threads) and c.merged_into is null order by c.id for no key update) c)
     <> (select count(distinct t) from unnest(threads) t) then
    raise exception 'a conversation was merged just now' using errcode = 'serialization_failure';
  end if;
  with kept as (
    insert into public.message (conversation_id, phone_number_id, direction, wamid, kind, text, payload, reply_to, body, answerable, sent_at, received_at)
      select m.thread, m.number, 'in', m.wamid, m.kind, m.text, m.payload, m.reply, m.told::jsonb, m.answerable, m.said, received[m.body]
      from unnest(body_of, threads, numbers, wamids, kinds, texts, payloads, replies, told, answerable, said)
        with ordinality m(body, thread, number, wamid, kind, text, payload, reply, told, answerable, said, n)
      where digests[m.body] = any(fresh) order by m.n
      on conflict on constraint message_wamid_unique do nothing returning message.conversation_id, message.answerable, message.sent_at
  ), heard as (
    update public.conversation c set last_inbound_at = greatest(c.last_inbound_at, k.at)
      from (select x.conversation_id, max(x.sent_at) as at from kept x group by x.conversation_id) k where c.id = k.conversation_id
  )
  select array_agg(distinct k.conversation_id) filter (where k.answerable) into waiting from kept k;
  perform holdfast.enqueue(job, format(job_payload, w)::json, tenant, format(job_key, w), format(job_lane, w), job_priority,
                           debounce_wait => quiet, debounce_max => quiet_at_most)
    from unnest(waiting) w;
  return fresh;
end $$;

grant execute on function public.take_in to holdfast_app;
