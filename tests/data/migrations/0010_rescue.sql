-- What the worker had taken runs again.
select holdfast.rescue('0 s', '0 s');
