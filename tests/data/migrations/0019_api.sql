update api_token set scopes = '{read}', expires_at = now() + interval '1 year', last_used_at = now();
insert into api_idempotency (tenant_id, key, request, status, body, location, created_at)
  values (1, 'order-1', sha256('POST /api/v1/bookings'), 201, '{"id":1}', '/api/v1/bookings/1', now());
