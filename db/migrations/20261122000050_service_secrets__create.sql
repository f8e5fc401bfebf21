-- migrate:up
create table service_secrets (
  name text primary key,
  secret bytea not null
);
comment on table service_secrets is 'What every process of this database must know and nobody else: the key that signs page cursors.';
-- Two random UUIDs hold 244 random bits, from the server's own strong source.
insert into service_secrets (name, secret)
values ('cursor', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'));

-- migrate:down
drop table service_secrets;
