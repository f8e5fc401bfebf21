-- migrate:up
-- Checkouts are numbered from 1 in every database: what a payment provider is told carries this name in front of the number,
-- so that two databases on one account never mean the same charge.
insert into service_secrets (name, secret)
values ('installation', decode(replace(gen_random_uuid()::text, '-', ''), 'hex'));

-- migrate:down
delete from service_secrets where name = 'installation';
