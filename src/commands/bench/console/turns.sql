insert into bench_turn
select n, c.tenant_id, c.id, x.phone_number_id, at,
       holdfast.id_at(at) + 5 * n, holdfast.id_at(at + interval '800 ms') + 5 * n + 1, holdfast.id_at(at + interval '830 ms') + 5 * n + 2,
       holdfast.id_at(at + interval '1900 ms') + 5 * n + 3, holdfast.id_at(at + interval '1930 ms') + 5 * n + 4,
       2 * n + 1, 2 * n + 2, 'wamid.HBgMIN' || lpad(n::text, 10, '0') || 'AA==', 'wamid.HBgMOUT' || lpad(n::text, 10, '0') || 'AA=='
from (select n, date_trunc('milliseconds', now() - interval '2 minutes' - (1 - n::float8 / $1) * interval '60 days') as at
      from generate_series(0, $1 - 1) n) t
join customer c on c.id = 1 + (n * 7919) % 5000 join channel x on x.tenant_id = c.tenant_id
order by n
