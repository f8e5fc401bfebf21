-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
create table product_options (
  product_id bigint not null references products (id) on delete cascade,
  position smallint not null,
  name text not null,
  option_values text[] not null,
  primary key (product_id, position),
  constraint product_options_product_id_name_key unique (product_id, name),
  constraint product_options_name_has_1_to_50_characters check (char_length(name) between 1 and 50),
  -- The filter of a search ends the name at the first colon, as in option=Size:S.
  constraint product_options_name_has_no_colon check (strpos(name, ':') = 0),
  constraint product_options_option_values_are_1_to_70 check (
    cardinality(option_values) between 1 and 70 and array_position(option_values, null) is null
  ),
  constraint product_options_position_is_1_or_2 check (position in (1, 2))
);
comment on table product_options is 'What a buyer chooses of a listing, such as its size: at most two options.';
comment on column product_options.product_id is 'The listing.';
comment on column product_options.position is '1 or 2: the place of the option, and of its value in variants.option_values.';
comment on column product_options.name is 'The name of the option, such as Size.';
comment on column product_options.option_values is 'Its values in the order of the seller, such as S, M, L.';

create table variants (
  id bigint generated always as identity primary key,
  product_id bigint not null references products (id) on delete cascade,
  shop_id bigint not null references shops (id) on delete restrict,
  option_values text[] not null,
  sku text,
  price numeric(10, 2),
  quantity integer,
  images text[] not null default '{}',
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- The key by which a line states that its variant is of its product.
  constraint variants_id_product_id_key unique (id, product_id),
  constraint variants_images_are_at_most_10 check (cardinality(images) <= 10 and array_position(images, null) is null),
  constraint variants_option_values_are_1_or_2 check (
    cardinality(option_values) between 1 and 2 and array_position(option_values, null) is null
  ),
  constraint variants_price_is_positive check (price > 0),
  constraint variants_quantity_is_not_negative check (quantity >= 0),
  constraint variants_sku_has_a_sane_length check (char_length(sku) between 1 and 100)
) with (fillfactor = 90);
create unique index variants_product_id_option_values_key on variants (product_id, option_values) where archived_at is null;
create unique index variants_shop_id_sku_key on variants (shop_id, sku) where archived_at is null;
create index variants_product_id_idx on variants (product_id, id);
create index variants_shop_id_idx on variants (shop_id);
comment on table variants is
  'The choices of a listing, each with a value of every option. Ids stay: an archived variant keeps its row for carts and orders.';
comment on column variants.id is 'The variant.';
comment on column variants.product_id is 'Its listing. Every rule about a variant runs under the lock of this row.';
comment on column variants.shop_id is 'The shop of the listing, so that an sku is unique in the shop.';
comment on column variants.option_values is 'Its values by the position of the option in product_options.';
comment on column variants.sku is 'The seller''s own reference, unique in the shop; null without one.';
comment on column variants.price is 'Its price in US dollars. Null: the base_price of the listing.';
comment on column variants.quantity is 'Its stock on hand. Null where the listing has one stock for all (stock_by product).';
comment on column variants.images is 'Its own pictures, as in products.images.';
comment on column variants.archived_at is 'When the seller removed it; null while it can be chosen.';
comment on column variants.created_at is 'When it was added.';
comment on column variants.updated_at is 'When the row last changed.';

-- migrate:down
drop table variants;
drop table product_options;
