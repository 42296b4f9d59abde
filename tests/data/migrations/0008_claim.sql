-- A job that a worker has taken.
with hired as (insert into holdfast.worker (name, version) values ('migration', '0') returning id)
  select c.id from hired h, lateral holdfast.claim(h.id, array(select k.id from holdfast.kind k), array(select 1 from holdfast.kind k)) c;
