-- Anna asked for a copy, and Bruno to be forgotten.
insert into privacy_export (tenant_id, id, customer_id, document, counts, created_at, expires_at)
  values (1, 1, 1, '{"profile": [{"name": "Anna"}]}', '{"customer": 1}', now(), now() + interval '30 days');
insert into privacy_erasure (tenant_id, id, customer_id, requested_by, requested_at, since, counts)
  values (1, 1, 2, 'Carla', now(), now() - interval '1 year', '{"customer": 1}');
insert into privacy_mark (tenant_id, erasure_id, kind, mark) values (1, 1, 'phone', '393335550102'), (1, 1, 'name', 'Bruno');
update tenant set forgotten_until = now() - interval '730 days' where id = 1;
