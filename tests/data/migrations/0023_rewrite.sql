-- Only a function came; a queue that is large of dead rows is written anew by it.
insert into holdfast.ready (id, rank, tenant, kind, priority) select n, n, 1, 1, 0 from generate_series(1000001, 1090000) n;
delete from holdfast.ready where id > 1000010 and id <= 1090000;
select holdfast.rewrite('holdfast.ready');
