-- A word for a workflow, which it has not read.
select holdfast.signal(j.id, 'paid', 'once', '{}', j.tenant) from (select id, tenant from holdfast.job order by id desc limit 1) j;
