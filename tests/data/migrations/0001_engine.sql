-- One job in each place where a job can be, a workflow with a step, and an effect under way.
select holdfast.register_kinds(array['greet', 'remind']);
select holdfast.enqueue('greet', '{"n": 1}', tenant => 1, key => 'once', lane => 'conversation:1');
select holdfast.enqueue('greet', '{"n": 2}', run_at => now() + interval '1 day');
select holdfast.enqueue('remind', '{"n": 3}', key => 'burst', debounce_wait => '1 s', debounce_max => '9 s');
select holdfast.enqueue('remind', '{"n": 4}', key => 'burst', debounce_wait => '1 s', debounce_max => '9 s');
select holdfast.enqueue('greet', '{"n": 5}', parent => id, step => 'first', root => root) from holdfast.job order by id limit 1;
insert into holdfast.worker (name, version) values ('gone', '0.0.1');
insert into holdfast.done (id, started_at, outcome, attempts, kind, tenant, output)
  select id, now(), 1, 3, kind, tenant, null from holdfast.job order by id desc limit 1;
insert into holdfast.effect (key, job, state, sent_at) select 'message:1', id, 'sent', now() from holdfast.job limit 1;
