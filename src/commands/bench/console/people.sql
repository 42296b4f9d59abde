-- A second business, 5,000 people who wrote to one of the two, and an empty plan of what they said.

insert into tenant (slug, name, zone, currency, language) values ('bench', 'Palestra', 'Europe/Rome', 'EUR', 'it');
insert into channel (phone_number_id, tenant_id, display_phone) select '100000000000002', id, '+39 049 555 0200' from tenant where slug = 'bench';

insert into customer (tenant_id, id, phone, name, language)
select t.id, n, (393600000000 + n * 7919::bigint)::text, (array['Ada Rossi', 'Marco Bianchi', 'Elena Conti', 'Luca Ferraro', 'Sara Venturi'])[1 + n % 5], 'it'
from generate_series(1, 5000) n join tenant t on t.slug = case when n <= 4000 then 'demo' else 'bench' end;

insert into conversation (tenant_id, id, phone_number_id, customer_id, last_inbound_at)
select c.tenant_id, c.id, x.phone_number_id, c.id, now() - interval '1 day' from customer c join channel x on x.tenant_id = c.tenant_id;

-- One row for each turn, from which all others are made.
create unlogged table bench_turn (
  n bigint primary key, tenant bigint not null, customer bigint not null, phone_number_id text not null, at timestamptz not null,
  root bigint not null, gather bigint not null, think bigint not null, tool bigint not null, say bigint not null,
  heard bigint not null, said bigint not null, heard_wamid text not null, said_wamid text not null
);
