-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table addresses (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  name text not null,
  line1 text not null,
  line2 text,
  city text not null,
  region text,
  postal_code text,
  country text not null,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint addresses_city_has_1_to_100_characters check (char_length(city) between 1 and 100),
  constraint addresses_country_is_two_capital_letters check (country ~ '^[A-Z]{2}$'),
  constraint addresses_line1_has_1_to_200_characters check (char_length(line1) between 1 and 200),
  constraint addresses_line2_has_at_most_200_characters check (char_length(line2) <= 200),
  constraint addresses_name_has_1_to_200_characters check (char_length(name) between 1 and 200),
  constraint addresses_postal_code_has_1_to_20_characters check (char_length(postal_code) between 1 and 20),
  constraint addresses_region_has_at_most_100_characters check (char_length(region) <= 100)
);
create unique index addresses_user_id_key on addresses (user_id) where is_default;
create index addresses_user_id_is_default_id_idx on addresses (user_id, is_default, id);
comment on table addresses is 'The address books. A checkout copies an address, so that a later change does not reach its orders.';
comment on column addresses.id is 'The address.';
comment on column addresses.user_id is 'The owner of the address book.';
comment on column addresses.name is 'The recipient.';
comment on column addresses.line1 is 'Street and number.';
comment on column addresses.line2 is 'Floor, unit, care of.';
comment on column addresses.city is 'City or town.';
comment on column addresses.region is 'State or province.';
comment on column addresses.postal_code is 'Null if the country has no postal codes.';
comment on column addresses.country is 'ISO 3166-1 alpha-2.';
comment on column addresses.is_default is 'Whether clients propose the address first. An address book with addresses has one default.';
comment on column addresses.created_at is 'When the address was added.';
comment on column addresses.updated_at is 'When the row last changed.';

-- migrate:down
drop table addresses;
