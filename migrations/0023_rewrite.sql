-- Queues beside a snapshot that is held for long. What is taken from a queue leaves a dead row that nobody may clear away
-- then, and every look at the queue walks over all of them. So a table that is large, but has few rows that live, is
-- written anew: no snapshot hinders TRUNCATE. Who reads these tables in an old snapshot finds them empty.

-- About 11,000 rows, dead or not.
create function holdfast.is_large(queue regclass) returns boolean language sql volatile
return pg_relation_size(queue) > 1048576;

create function holdfast.rewrite(queue regclass) returns boolean language plpgsql as $$
declare
  crowded boolean;
  living json;
begin
  if not holdfast.is_large(queue) then return false; end if;
  execute format('select count(*) > 2500 from (select from %s limit 2501) x', queue) into crowded;
  if crowded then return false; end if;
  -- Where somebody holds a row for long: later.
  perform set_config('lock_timeout', '20ms', true);
  execute format('lock table %s in access exclusive mode', queue);
  execute format('select coalesce(json_agg(x), ''[]'') from %s x', queue) into living;
  execute format('truncate %s', queue);
  execute format('insert into %1$s overriding system value select x.* from json_populate_recordset(null::%1$s, $1) x', queue) using living;
  return true;
exception when lock_not_available then
  return false;
end $$;

grant truncate on holdfast.ready, holdfast.later, holdfast.claim, holdfast.lane, holdfast.blocked to holdfast_app;
