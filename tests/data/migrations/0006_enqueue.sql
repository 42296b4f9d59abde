-- Work where the new protocol puts it.
select holdfast.enqueue(k.name, '{}', key => 'migrated', lane => 'one') from (select name from holdfast.kind order by id limit 1) k;
