insert into queue (payload) values ('{"i": 0}');
