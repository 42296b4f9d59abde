create temp table future as select gen_random_uuid() id, i from generate_series(1, 200000) i;
insert into mq_msgs (id, attempt_at, attempts, channel_name, channel_args, after_message_id)
select id, now() + interval '1 day' + i * interval '1 second', 5, 'noop', '', null from future;
insert into mq_payloads (id, name, payload_json) select id, 'sqlxmq::nothing', '1' from future;
