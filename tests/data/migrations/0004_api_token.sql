insert into api_token (sha256, tenant_id, label, created_at) values (sha256('a token'), 1, 'test', now());
