insert into queue (payload) select jsonb_build_object('i', i) from generate_series(1, 1000) i;
