-- Wanda answers for the house and has signed in; Carla runs the studio, and a guest of hers is invited.
insert into staff (tenant_id, email, name, role, language, password, totp_secret, created_at) values
  (null, 'wanda@house.example', 'Wanda', 'owner', 'en', '$argon2id$v=19$m=19456,t=2,p=1$aG9sZGZhc3Qtbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '\x00', now()),
  (1, 'carla@studio.example', 'Carla', 'manager', 'it', '$argon2id$v=19$m=19456,t=2,p=1$aG9sZGZhc3Qtbm9ib2R5IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', null, now());
insert into staff_session (staff_id, sha256, opened_at, last_seen_at, password_at, ip, agent)
  values (1, sha256('a session'), now(), now(), now(), '192.0.2.1', 'a browser');
insert into staff_pending (sha256, staff_id, ends_at) values (sha256('a pending sign-in'), 1, now() + interval '5 minutes');
insert into staff_recovery (staff_id, sha256) values (1, sha256('a recovery code'));
insert into staff_invite (sha256, tenant_id, email, name, role, invited_by, ends_at)
  values (sha256('an invitation'), 1, 'dario@studio.example', 'Dario', 'agent', 2, now() + interval '24 hours');
select sign_in_try(sha256('account'), sha256('address'), now());
insert into audit (at, staff_id, who_name, session_id, tenant_id, act, target, reason, detail, ip, request_id)
  values (now(), 1, 'Wanda', 1, 1, 'job.retry', 'job 1', 'the outage is over', '{"attempt": 2}', '192.0.2.1', 'r-1');
insert into saved_view (staff_id, name, query, shared) values (2, 'Failed today', 'state:failed age:<24h', true);
insert into api_token_family (tenant_id, label, scopes, created_at, ends_at) values (1, 'site', '{read}', now(), now() + interval '90 days');
insert into api_family_token (sha256, family_id, kind, ends_at, used_at) values
  (sha256('to ask with'), 1, 'access', now() + interval '1 hour', null),
  (sha256('to renew with'), 1, 'refresh', now() + interval '90 days', now());
