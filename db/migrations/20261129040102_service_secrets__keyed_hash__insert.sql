-- migrate:up
-- Logs and sign_in_addresses name network addresses and accounts by hashes under this key. Two random UUIDs hold 244 random bits.
insert into service_secrets (name, secret)
values ('keyed_hash', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- migrate:down
delete from service_secrets where name = 'keyed_hash';
