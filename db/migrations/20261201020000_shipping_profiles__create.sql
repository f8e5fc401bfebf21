-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table shipping_profiles (
  id bigint generated always as identity (start with 1000000000000) primary key,
  shop_id bigint not null references shops (id) on delete cascade,
  name text not null,
  origin_country text references countries (code) on delete restrict,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The key by which a listing states that its profile is of its shop.
  constraint shipping_profiles_id_shop_id_key unique (id, shop_id),
  constraint shipping_profiles_default_has_the_id_of_its_shop check (is_default = (id = shop_id)),
  constraint shipping_profiles_name_has_1_to_100_characters check (char_length(name) between 1 and 100)
);
create unique index shipping_profiles_shop_id_key on shipping_profiles (shop_id) where is_default;
create index shipping_profiles_shop_id_id_idx on shipping_profiles (shop_id, id);
create index shipping_profiles_origin_country_idx on shipping_profiles (origin_country);
comment on table shipping_profiles is
  'What postage costs by destination. A shop without a row has a default profile all the same: shops.shipping, to the whole world.';
comment on column shipping_profiles.id is
  'The profile. The default one has the id of its shop, so that it can be read before it has a row. Others begin at 10^12.';
comment on column shipping_profiles.shop_id is 'Its shop. Every change of a profile runs under the lock of this row.';
comment on column shipping_profiles.name is 'The name that the seller gave it.';
comment on column shipping_profiles.origin_country is 'From where the shop sends, ISO 3166-1 alpha-2. Null: unknown.';
comment on column shipping_profiles.is_default is
  'Whether listings without a profile of their own use it. Its rate to the world is shops.shipping and has no row in shipping_rates.';
comment on column shipping_profiles.created_at is 'When the row was made.';
comment on column shipping_profiles.updated_at is 'When the row last changed.';

create table shipping_rates (
  id bigint generated always as identity primary key,
  profile_id bigint not null references shipping_profiles (id) on delete cascade,
  destination text not null,
  base numeric(10, 2) not null,
  per_extra_item numeric(10, 2) not null,
  days_min smallint,
  days_max smallint,
  constraint shipping_rates_profile_id_destination_key unique (profile_id, destination),
  constraint shipping_rates_amounts_are_not_negative check (least(base, per_extra_item) >= 0),
  constraint shipping_rates_days_are_in_order check (days_min >= 0 and days_max between days_min and 365),
  constraint shipping_rates_days_come_together check ((days_min is null) = (days_max is null)),
  constraint shipping_rates_destination_is_a_place check (destination ~ '^([A-Z]{2}|eu|world)$')
);
comment on table shipping_rates is 'The postage of a profile to a destination. The most exact destination wins.';
comment on column shipping_rates.id is 'The rate.';
comment on column shipping_rates.profile_id is 'Its profile.';
comment on column shipping_rates.destination is 'A country (ISO 3166-1 alpha-2), eu (members of the European Union) or world.';
comment on column shipping_rates.base is 'The postage of one unit, in US dollars.';
comment on column shipping_rates.per_extra_item is 'The postage of each further unit of the order, in US dollars.';
comment on column shipping_rates.days_min is 'The fewest days from the shipment to the delivery. Null: unknown.';
comment on column shipping_rates.days_max is 'The most days from the shipment to the delivery. Null: unknown.';

create table shipping_upgrades (
  id bigint generated always as identity primary key,
  profile_id bigint not null references shipping_profiles (id) on delete cascade,
  name text not null,
  destination text not null,
  price numeric(10, 2) not null,
  per_extra_item numeric(10, 2) not null,
  constraint shipping_upgrades_profile_id_name_destination_key unique (profile_id, name, destination),
  constraint shipping_upgrades_amounts_are_not_negative check (least(price, per_extra_item) >= 0),
  constraint shipping_upgrades_destination_is_a_place check (destination ~ '^([A-Z]{2}|eu|world)$'),
  constraint shipping_upgrades_name_has_1_to_100_characters check (char_length(name) between 1 and 100)
);
comment on table shipping_upgrades is
  'A better way to send an order, such as express. A raised price gets a new row, so that an id never charges more than it did.';
comment on column shipping_upgrades.id is 'The upgrade.';
comment on column shipping_upgrades.profile_id is 'Its profile.';
comment on column shipping_upgrades.name is 'What buyers see, such as Express.';
comment on column shipping_upgrades.destination is 'As in shipping_rates. Of upgrades with one name, the most exact destination wins.';
comment on column shipping_upgrades.price is 'What it adds to the postage of an order, in US dollars.';
comment on column shipping_upgrades.per_extra_item is 'What it adds for each further unit, in US dollars.';

-- migrate:down
drop table shipping_upgrades;
drop table shipping_rates;
drop table shipping_profiles;
