-- A workflow of five steps with nothing batched: seven commits.
update queue set claimed = true
where id = (select id from queue where not claimed order by id limit 1 for update skip locked) returning id as job \gset
insert into step values (:job, 0, '{"r": 0}');
insert into step values (:job, 1, '{"r": 1}');
insert into step values (:job, 2, '{"r": 2}');
insert into step values (:job, 3, '{"r": 3}');
insert into step values (:job, 4, '{"r": 4}');
with ended as (delete from queue where id = :job returning id, payload) insert into history select id, now(), payload from ended;
