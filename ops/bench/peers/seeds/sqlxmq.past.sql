-- It deletes what has finished: its past is 1,000,000 jobs without a retry left.
create temp table past as select gen_random_uuid() id from generate_series(1, 1000000);
insert into mq_msgs (id, attempt_at, attempts, channel_name, channel_args, after_message_id)
select id, null, 0, 'noop', '', null from past;
insert into mq_payloads (id, name, payload_json) select id, 'sqlxmq::nothing', '1' from past;
