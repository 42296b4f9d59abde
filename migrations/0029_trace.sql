-- What connects the business with the jobs that did it: from somebody's phone, booking or message to jobs, and from a
-- message of ours back to what caused it. And what today costs.

alter table public.turn add column tokens_in bigint, add column tokens_out bigint, add column model text;
comment on column public.turn.tokens_in is 'What the model read in all steps of the turn, and tokens_out what it wrote. Null: it was not asked.';

alter table public.message add column pricing text, add column billable boolean;
comment on column public.message.pricing is 'Out: the category by which WhatsApp prices it, as its statuses tell.';

-- A phone is found by its end: people write it with and without the country. A column of its own, since under row level
-- security an index is asked for plain columns only.
alter table public.customer add column phone_end text generated always as (right(phone, 6)) stored;
create index customer_by_phone_end on public.customer (tenant_id, phone_end);

alter table public.payment_event add column about text generated always as (coalesce(
  'payment:' || (body ->> 'payment'), 'refund:' || (body ->> 'refund'), body #>> '{kind,payment_intent}', body #>> '{kind,link}')) stored;
comment on column public.payment_event.about is 'Of what it tells: our payment or refund, else the provider''s id of the payment or of its link.';
create index payment_event_about on public.payment_event (tenant_id, about);
create index payment_event_by_time on public.payment_event (tenant_id, received_at);
create index conversation_merged on public.conversation (tenant_id, merged_into) where merged_into is not null;
create index proposal_of_seat on public.proposal (tenant_id, seat_id) where seat_id is not null;
create index notice_of_message on public.notice (tenant_id, message_id) where message_id is not null;

-- ---------------------------------------------------------------- from the business to its jobs

-- A message of the transaction's business: by our id of it, or by WhatsApp's (also one under which it was sent before).
create function public.message_called(called text) returns bigint language plpgsql stable as $$
declare
  found bigint;
begin
  if called ~ '^[0-9]{1,18}$' then
    select m.id into found from public.message m where m.id = called::bigint;
    return found;
  end if;
  select m.id into found from public.channel c join public.message m on m.phone_number_id = c.phone_number_id and m.wamid = called
    where c.tenant_id = nullif(current_setting('holdfast.tenant', true), '')::bigint limit 1;
  if found is null then
    select d.message_id into found from public.channel c join public.delivery_status d on d.phone_number_id = c.phone_number_id and d.wamid = called
      where c.tenant_id = nullif(current_setting('holdfast.tenant', true), '')::bigint and d.message_id is not null limit 1;
  end if;
  return found;
end $$;

-- What the transaction's business knows of a phone, customer, conversation, booking or message: jobs by their ids, and by
-- kind and key those that are known by an id of the business; `name` and `phone` tell whom it is about. The newest of each.
create function public.trail(subject text, told text) returns table (kind text, key text, job bigint) language plpgsql stable as $$
#variable_conflict use_column
declare
  people bigint[];
  threads bigint[];
  seats bigint[];
  said bigint;
  payments bigint[];
  refunds bigint[];
  notices bigint[];
  subjects text[];
begin
  case subject
    when 'phone' then
      people := (array(select coalesce(c.merged_into, c.id) from public.customer c
                       where c.phone_end = right(told, 6) and c.phone like '%' || told))[1:20];
    when 'customer' then people := array(select coalesce(c.merged_into, c.id) from public.customer c where c.id = told::bigint);
    when 'conversation' then threads := array(select coalesce(v.merged_into, v.id) from public.conversation v where v.id = told::bigint);
    when 'booking' then seats := array(select s.id from public.seat s where s.id = told::bigint);
    when 'message' then said := public.message_called(told);
    else null;
  end case;
  if coalesce(cardinality(people || threads || seats), 0) = 0 and said is null then return; end if;

  if cardinality(people) > 0 then
    threads := array(select v.id from public.conversation v where v.customer_id = any(people) and v.merged_into is null);
    seats := array(select s.id from public.seat s where s.customer_id = any(people) order by s.id desc limit 200);
    payments := array(select p.id from public.payment p where p.customer_id = any(people) order by p.id desc limit 200);
    notices := array(select n.id from public.notice n where n.customer_id = any(people) order by n.id desc limit 500);
    return query select 'erase_customer', p.id::text, null::bigint from unnest(people) p(id);
  elsif cardinality(seats) > 0 then
    payments := array(select p.id from public.payment p where p.seat_id = any(seats) order by p.id desc limit 200);
  end if;
  if cardinality(payments) > 0 then
    refunds := array(select r.id from public.refund r where r.payment_id = any(payments) order by r.id desc limit 200);
    subjects := array(select 'payment:' || p from unnest(payments) p union all select 'refund:' || r from unnest(refunds) r);
    return query select 'settle_payment', e.event, null::bigint from public.payment_event e
      where e.about = any(subjects || array(select i.id from public.payment p, lateral (values (p.intent), (p.link)) i(id)
                                            where p.id = any(payments) and i.id is not null)) order by e.received_at desc limit 200;
    return query select 'make_refund', r.id::text, null::bigint from unnest(refunds) r(id);
    return query select 'collect_plan_payment', p.id::text, null::bigint from public.payment p where p.id = any(payments) and p.entitlement_id is not null;
  end if;
  if cardinality(seats) > 0 then
    return query select 'collect_payment', s.id::text, null::bigint from unnest(seats) s(id);
    return query select null, null, s.awaited_by from public.seat s where s.id = any(seats) and s.awaited_by is not null;
    return query select null, null, w.awaited_by from public.seat s join public.waitlist_entry w on w.customer_id = s.customer_id and w.session_id = s.session_id
      where s.id = any(seats) and w.awaited_by is not null;
    return query select 'call_off_session', x.id::text, null::bigint from public.seat s join public.session x on x.id = s.session_id
      where s.id = any(seats) and x.status = 'cancelled';
    return query select null, null, p.turn_id from public.seat s join public.proposal p on p.id = s.proposal_id where s.id = any(seats);
    return query select null, null, p.turn_id from public.proposal p where p.seat_id = any(seats) order by p.id desc limit 200;
  end if;
  if subject = 'booking' then
    notices := array(select n.id from public.seat s join public.notice n on n.customer_id = s.customer_id
                     where s.id = any(seats) and (n.facts -> 'seat' = to_jsonb(s.id) or n.subject = any(subjects)
                                                  or n.subject = 'seat:' || s.id or n.subject like 'seat:' || s.id || ':%')
                     order by n.id desc limit 500);
    people := array(select s.customer_id from public.seat s where s.id = any(seats));
  end if;
  if said is not null then
    select array[m.conversation_id] into threads from public.message m where m.id = said;
    return query select null, null, m.turn_id from public.message m where m.id = said and m.turn_id is not null;
    notices := array(select n.id from public.notice n where n.message_id = said);
  end if;
  if cardinality(threads) > 0 then
    if people is null then people := array(select v.customer_id from public.conversation v where v.id = any(threads)); end if;
    if said is null then
      return query select 'answer_message', v.tenant_id || ':' || v.id, null::bigint from public.conversation v where v.id = any(threads)
        union all select 'answer_message', v.tenant_id || ':' || v.id, null from public.conversation v where v.merged_into = any(threads);
      return query select null, null, t.id from public.turn t where t.conversation_id = any(threads) order by t.id desc limit 500;
      return query select distinct null, null, m.turn_id from (
        select m.turn_id from unnest(threads) v(id) cross join lateral (
          select m.turn_id from public.message m where m.conversation_id = v.id order by m.sent_at desc, m.id desc limit 500) m) m where m.turn_id is not null;
    end if;
  end if;
  return query select 'tell_customer', n.id::text, null::bigint from unnest(notices) n(id);
  return query select w.kind, w.told, null::bigint from public.customer c, lateral (values ('name', c.name), ('phone', c.phone)) w(kind, told)
    where c.id = any(people) and w.told is not null order by c.id, w.kind limit 4;
end $$;

-- The same for every business, or for `within` alone, in one round trip. Whoever asks may look at all of them. A plan that
-- is good for a small business may read a large one whole: each has its own.
create function public.trails(within bigint, subject text, told text)
returns table (tenant bigint, kind text, key text, job bigint) language plpgsql set plan_cache_mode = force_custom_plan set jit = off as $$
#variable_conflict use_column
declare
  before text := coalesce(current_setting('holdfast.tenant', true), '');
  house bigint;
begin
  for house in select t.id from public.tenant t where within is null or t.id = within order by t.id loop
    perform set_config('holdfast.tenant', house::text, true);
    return query select house, t.kind, t.key, t.job from public.trail(subject, told) t;
  end loop;
  perform set_config('holdfast.tenant', before, true);
end $$;

-- Whose message this is, and our id of it.
create function public.find_message(within bigint, called text, out tenant bigint, out message bigint) language plpgsql set plan_cache_mode = force_custom_plan set jit = off as $$
#variable_conflict use_variable
declare
  before text := coalesce(current_setting('holdfast.tenant', true), '');
begin
  for tenant in select t.id from public.tenant t where within is null or t.id = within order by t.id loop
    perform set_config('holdfast.tenant', tenant::text, true);
    message := public.message_called(called);
    exit when message is not null;
  end loop;
  perform set_config('holdfast.tenant', before, true);
end $$;

-- ---------------------------------------------------------------- webhooks

-- The raw log without what it says, newest first: sizes, counts and kinds. The application cannot read bodies otherwise.
create function public.webhook_log(before bigint, most integer, only_quarantined boolean)
returns table (id bigint, received_at timestamptz, bytes integer, source text, messages bigint, statuses bigint, kinds text[], erased boolean)
language sql stable security definer set search_path = public, pg_temp set jit = off as $$
  with page as materialized (
    (select e.id, e.received_at, e.body from public.webhook_event e
     where not only_quarantined and e.id < coalesce(before, 9223372036854775807) order by e.id desc limit least(most, 200))
    union all
    (select e.id, e.received_at, e.body
     from (select distinct q.event_id from public.webhook_quarantine q
           where only_quarantined and q.event_id < coalesce(before, 9223372036854775807) order by 1 desc limit least(most, 200)) q
     join public.webhook_event e on e.id = q.event_id)
  ), read as materialized (
    -- A long one is not read for a list.
    select p.*, case when octet_length(p.body) <= 262144 then public.webhook_json(p.body) end as doc from page p
  )
  select r.id, r.received_at, octet_length(r.body),
         case when r.doc is null then case when position('whatsapp_business_account'::bytea in r.body) > 0 then 'whatsapp' else 'unknown' end
              when r.doc ? 'type' and r.doc #> '{data,object}' is not null then 'payments' else 'whatsapp' end,
         coalesce(c.messages, 0), coalesce(c.statuses, 0), coalesce(c.kinds, '{}'), position('[erased]'::bytea in r.body) > 0
  from read r left join lateral (
    select count(*) filter (where v.list = 'messages') as messages, count(*) filter (where v.list = 'statuses') as statuses,
           array_agg(distinct left(v.word, 40)) filter (where v.word is not null) as kinds
    from (select 'messages' as list, m ->> 'type' as word from jsonb_path_query(r.doc, '$.entry[*].changes[*].value.messages[*]') m
          union all select 'statuses', s ->> 'status' from jsonb_path_query(r.doc, '$.entry[*].changes[*].value.statuses[*]') s
          union all select 'other', f ->> 'field' from jsonb_path_query(r.doc, '$.entry[*].changes[*]') f where f ->> 'field' <> 'messages'
          union all select 'other', r.doc ->> 'type') v) c on true
  order by r.id desc
$$;

-- One body, for somebody whose look at it is written down; and to take it in once more.
create function public.webhook_body(event bigint) returns bytea language sql stable security definer set search_path = public, pg_temp
return (select e.body from public.webhook_event e where e.id = event);

revoke execute on function public.webhook_log, public.webhook_body from public;
grant execute on function public.webhook_log, public.webhook_body to holdfast_app;
grant execute on function public.message_called, public.trail, public.trails, public.find_message to holdfast_app;
