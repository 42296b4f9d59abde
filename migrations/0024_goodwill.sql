-- What a booking still costs its customer, in minor units. What was given back out of goodwill is not owed again.
create function public.owed(booking public.seat) returns bigint language sql stable as $$
  select case when booking.payment in ('on_site', 'link') and booking.state <> 'cancelled' then greatest(0, booking.price_minor - coalesce((
    select sum(p.captured_minor - p.refunded_minor + coalesce((
      select sum(r.amount_minor) from public.refund r
      where r.tenant_id = p.tenant_id and r.payment_id = p.id and r.reason = 'goodwill' and r.state <> 'failed'), 0))
    from public.payment p where p.tenant_id = booking.tenant_id and p.seat_id = booking.id), 0))::bigint else 0 end
$$;
