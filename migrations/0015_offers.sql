-- Offers beside a snapshot that is held for long. Dead rows stay then, and each look at an offer or at what came by one
-- walks over all of them. So no offers are made or taken while their table is large, and now and then it is emptied,
-- which no snapshot hinders; a claim that came by an offer is found by an index of its own.

create index claim_offered on holdfast.claim (worker) where offered;
grant truncate on holdfast.offer to holdfast_app;

-- Small: what fits into 16 pages, where few workers' offers, changed again and again, need one or two.
create function holdfast.offers_are_small() returns boolean language sql volatile
return pg_relation_size('holdfast.offer') <= 131072;

-- Empties the table when it is large. Workers that rest offer anew. Where somebody holds a row for long: later.
create function holdfast.empty_offers() returns boolean language plpgsql as $$
begin
  if holdfast.offers_are_small() then return false; end if;
  perform set_config('lock_timeout', '20ms', true);
  truncate holdfast.offer;
  return true;
exception when lock_not_available then
  return false;
end $$;

create or replace function holdfast.take_offer(kind smallint, payload json) returns bigint language plpgsql as $$
#variable_conflict use_variable
declare
  taken bigint;
begin
  if not holdfast.offers_are_small()
     or not exists (select from holdfast.offer o where o.is_open and kind = any(o.kinds)) or octet_length(payload::text) > 6000
     or (select r.id from holdfast.ready r where r.kind = kind order by r.priority, r.tenant, r.rank limit 1) is not null
     or exists (select from holdfast.pause) then
    return null;
  end if;
  update holdfast.offer o set is_open = false
    where o.ctid = (select x.ctid from holdfast.offer x where x.is_open and kind = any(x.kinds) limit 1 for update skip locked)
    returning o.worker into taken;
  return taken;
end $$;

create or replace function holdfast.rest(worker bigint, kinds smallint[], out due double precision, out sent bigint[]) language plpgsql
set enable_seqscan = off as $$
#variable_conflict use_variable
begin
  if holdfast.offers_are_small() then
    update holdfast.offer o set is_open = true, kinds = rest.kinds where o.ctid = any(array(
      select x.ctid from holdfast.offer x where x.worker = rest.worker and not (x.is_open and x.kinds = rest.kinds) for update skip locked));
    if not found and not exists (select from holdfast.offer x where x.worker = rest.worker) then
      insert into holdfast.offer as x (worker, kinds) values (worker, kinds) on conflict do nothing;
    end if;
  end if;
  due := (select extract(epoch from min(l.run_at) - clock_timestamp()) from holdfast.later l where l.run_at < statement_timestamp() + interval '1 s');
  sent := array(select c.id from holdfast.claim c where c.worker = rest.worker and c.offered and c.at < clock_timestamp() - interval '250 ms');
end $$;

create or replace function holdfast.withdraw(worker bigint) returns void language plpgsql as $$
begin
  if holdfast.offers_are_small() then
    update holdfast.offer o set is_open = false where o.ctid = any(array(
      select x.ctid from holdfast.offer x where x.worker = withdraw.worker and x.is_open for update skip locked));
  end if;
end $$;
