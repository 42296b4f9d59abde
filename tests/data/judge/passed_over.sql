-- How many were passed over: somebody later in a list was offered a place while somebody earlier waited, who was neither passed
-- over with a reason nor offered one before.
select count(*) from waitlist_log l join waitlist_entry b on b.tenant_id = l.tenant_id and b.id = l.entry_id
join waitlist_entry a on a.tenant_id = b.tenant_id and a.session_id = b.session_id and a.id < b.id
where l.event in ('offered', 'promoted')
  and exists (select from waitlist_log j where j.tenant_id = a.tenant_id and j.entry_id = a.id and j.event = 'joined' and j.id < l.id)
  and not exists (select from waitlist_log o where o.tenant_id = a.tenant_id and o.entry_id = a.id and o.id < l.id
                  and o.event in ('skipped', 'offered', 'promoted', 'accepted', 'declined', 'expired', 'undeliverable', 'left', 'closed'))
  and not exists (select from seat x where x.tenant_id = a.tenant_id and x.session_id = a.session_id and x.customer_id = a.customer_id
                  and x.via <> 'waitlist')
