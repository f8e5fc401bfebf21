-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table processing_profiles (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shops (id) on delete restrict,
  name text not null,
  readiness text not null,
  days_min integer not null,
  days_max integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The key by which a listing states that its profile is of its shop.
  constraint processing_profiles_id_shop_id_key unique (id, shop_id),
  constraint processing_profiles_days_max_is_within_a_year check (days_max between days_min and 365),
  constraint processing_profiles_days_min_is_not_negative check (days_min >= 0),
  constraint processing_profiles_name_has_1_to_100_characters check (char_length(name) between 1 and 100),
  constraint processing_profiles_readiness_is_known check (readiness in ('ready_to_ship', 'made_to_order'))
);
create index processing_profiles_shop_id_idx on processing_profiles (shop_id, id);
comment on table processing_profiles is
  'How long a shop needs until it ships: one row for all listings and variants that name it.';
comment on column processing_profiles.id is 'The profile.';
comment on column processing_profiles.shop_id is 'Its shop.';
comment on column processing_profiles.name is 'The seller''s own name of it.';
comment on column processing_profiles.readiness is
  'ready_to_ship: the item exists. made_to_order: the seller makes it after the sale.';
comment on column processing_profiles.days_min is 'The least number of working days until the parcel leaves.';
comment on column processing_profiles.days_max is 'The greatest number of working days until the parcel leaves.';
comment on column processing_profiles.created_at is 'When it was added.';
comment on column processing_profiles.updated_at is 'When the row last changed.';

-- migrate:down
drop table processing_profiles;
