-- migrate:up
-- Trigram similarity finds misspelled words, unaccent makes "Café" and "cafe" one, fuzzystrmatch measures the distance between
-- words. All three are trusted extensions: the owner of a database may create them without being superuser.
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;
create extension if not exists fuzzystrmatch with schema public;

comment on table schema_migrations is 'The migrations that this database has, one row each, as dbmate records them.';
comment on column schema_migrations.version is 'The number at the beginning of the file name of the migration.';

create table service_secrets (
  name text primary key,
  secret bytea not null
);
comment on table service_secrets is 'The keys that every process of this database shares. The API sends them to no client.';
comment on column service_secrets.name is
  'cursor signs page cursors. keyed_hash hashes addresses and accounts. installation names this database to the provider.';
comment on column service_secrets.secret is 'The key: random bytes, made by the migration.';
-- Two random UUIDs hold 244 random bits from the server's own strong source. One is enough for a name.
insert into service_secrets (name, secret)
values
  ('cursor', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')),
  ('keyed_hash', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')),
  ('installation', decode(replace(gen_random_uuid()::text, '-', ''), 'hex'));

create table deployed_functions (
  signature text primary key,
  checksum text not null,
  deployed_at timestamptz not null default now(),
  definition_hash text not null
);
comment on table deployed_functions is
  'The functions that the last deploy created. The next one drops those that no file holds any more.';
comment on column deployed_functions.signature is 'The function, as PostgreSQL writes it: `free_slug(text)`.';
comment on column deployed_functions.checksum is 'SHA-256 over all files of that deploy; the same for every row.';
comment on column deployed_functions.deployed_at is 'When the deploy ran.';
comment on column deployed_functions.definition_hash is
  'MD5 of the function as PostgreSQL shows it after the deploy. One that differs was changed by hand; a deploy replaces all.';

create table deployed_triggers (
  table_name text not null,
  trigger_name text not null,
  statement text not null,
  definition_hash text not null,
  primary key (table_name, trigger_name)
);
comment on table deployed_triggers is
  'The triggers that the files of db/functions create. Creating one locks its table: a deploy does it only when this differs.';
comment on column deployed_triggers.table_name is 'The table of the trigger.';
comment on column deployed_triggers.trigger_name is 'The trigger.';
comment on column deployed_triggers.statement is 'The statement of the file that created it.';
comment on column deployed_triggers.definition_hash is
  'MD5 of the trigger as PostgreSQL shows it after the deploy. A trigger that differs was changed by hand.';

create table processes (
  id uuid primary key,
  has_own_cache boolean not null,
  seen_at timestamptz not null,
  has_lost_invalidations boolean not null default false
);
comment on table processes is
  'The running API processes. A process may use its own cache only while it receives every change that the others make.';
comment on column processes.id is 'The process, by an id that it makes at its start.';
comment on column processes.has_own_cache is
  'It has its cache in its own memory, where no other process can invalidate an entry.';
comment on column processes.seen_at is 'Its last heartbeat. After 3 s without one it counts as gone.';
comment on column processes.has_lost_invalidations is
  'It could not publish its changes in Redis, and has not made up for it yet.';

create table leases (
  name text primary key,
  holder uuid not null,
  held_until timestamptz not null
);
comment on table leases is 'Work that one process at a time does. A process that does not renew its lease is replaced.';
comment on column leases.name is 'The work, such as `search indexer`.';
comment on column leases.holder is 'The process that does the work, by its own id.';
comment on column leases.held_until is 'Until then no other process may take the lease.';

-- ISO 3166-1 alpha-2 as of 2026. Google's libaddressinput knows which countries have no postal codes: their address format has no
-- field for one. A test compares both with npm packages that are kept up to date; when it fails, a new migration follows.
create table countries (
  code text primary key,
  has_postal_codes boolean not null,
  constraint countries_code_is_two_capital_letters check (code ~ '^[A-Z]{2}$')
);
comment on table countries is 'The countries of ISO 3166-1, to which an order can go.';
comment on column countries.code is 'ISO 3166-1 alpha-2, such as US.';
comment on column countries.has_postal_codes is 'Whether an address there needs a postal code.';
insert into countries (code, has_postal_codes)
select code, true from regexp_split_to_table('
    AD AF AI AL AM AR AS AT AU AX AZ BA BB BD BE BG BH BL BM BN BR BT BY CA CC CH CL CN CO CR CU CV CX CY CZ DE DK DO DZ EC
    EE EG EH ES ET FI FK FM FO FR GB GE GF GG GI GL GN GP GR GS GT GU GW HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JO
    JP KE KG KH KP KR KW KY KZ LA LB LI LK LR LS LT LU LV MA MC MD ME MF MG MH MK MM MN MP MQ MT MU MV MX MY MZ NA NC NE NF
    NG NI NL NO NP NZ OM PE PF PG PH PK PL PM PN PR PT PW PY RE RO RS RU SA SD SE SG SH SI SJ SK SM SN SO SV SZ TC TH TJ TM
    TN TR TW TZ UA UM US UY UZ VA VC VE VG VI VN WF YT ZA ZM
', '\s+') code
where code <> ''
union all
select code, false from regexp_split_to_table('
    AE AG AO AQ AW BF BI BJ BO BQ BS BV BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN LC LY ML MO
    MR MS MW NR NU PA PS QA RW SB SC SL SR SS ST SX SY TD TF TG TK TL TO TT TV UG VU WS YE ZW
', '\s+') code
where code <> '';

-- migrate:down
drop table countries;
drop table leases;
drop table processes;
drop table deployed_triggers;
drop table deployed_functions;
drop table service_secrets;
drop extension fuzzystrmatch;
drop extension unaccent;
drop extension pg_trgm;
