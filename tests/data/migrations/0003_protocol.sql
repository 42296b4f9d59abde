-- A worker that claimed a job and died: its claim is there to be rescued.
with gone as (insert into holdfast.worker (name, version, beat_at) values ('silent', '0.0.1', now() - interval '1 hour') returning id)
  select c.id from gone, lateral holdfast.claim(gone.id, array(select id from holdfast.kind), array[1]) c;
