-- migrate:up
create table categories (
  id bigint generated always as identity primary key,
  name text not null,
  parent_id bigint references categories (id) on delete restrict,
  slug text not null unique,
  constraint categories_parent_id_name_key unique nulls not distinct (parent_id, name),
  constraint categories_name_has_a_sane_length check (char_length(name) between 1 and 100),
  constraint categories_slug_is_url_safe check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  constraint categories_parent_id_is_another_category check (parent_id <> id)
);
comment on table categories is 'The category tree. Any category, leaf or not, can hold items.';

create table shops (
  id bigint generated always as identity primary key,
  owner_id bigint not null references users (id) on delete restrict,
  name text not null,
  description text not null default '',
  banner text,
  logo text,
  rating numeric(3, 2),
  review_count integer not null default 0,
  sales_count integer not null default 0,
  shipping jsonb not null
    default '{"base": "0.00", "per_extra_item": "0.00", "processing_days_min": 1, "processing_days_max": 3}',
  created_at timestamptz not null default now(),
  constraint shops_name_has_a_sane_length check (char_length(name) between 1 and 100),
  constraint shops_rating_is_from_1_to_5 check (rating between 1 and 5),
  constraint shops_review_count_is_not_negative check (review_count >= 0),
  constraint shops_sales_count_is_not_negative check (sales_count >= 0),
  constraint shops_shipping_is_a_profile check (
    shipping ?& array['base', 'per_extra_item', 'processing_days_min', 'processing_days_max']
    and (shipping ->> 'base') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'per_extra_item') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'processing_days_min')::integer between 0 and 365
    and (shipping ->> 'processing_days_max')::integer
      between (shipping ->> 'processing_days_min')::integer and 365
  )
);
create index shops_owner_id_idx on shops (owner_id);
comment on table shops is 'Shops: branding, shipping profile and the counters that ranking reads.';
comment on column shops.banner is 'URL of the banner picture.';
comment on column shops.logo is 'URL of the logo.';
comment on column shops.rating is 'Mean of the shop''s reviews, 1 to 5; null without a review.';
comment on column shops.sales_count is 'Units sold: up at checkout, down when an order is cancelled or refunded.';
comment on column shops.shipping is 'Shipping profile: base and per_extra_item in US dollars as decimal strings, processing time in days.';

create table products (
  id bigint generated always as identity primary key,
  shop_id bigint not null references shops (id) on delete restrict,
  sku text,
  title text not null,
  description text not null default '',
  price numeric(10, 2) not null,
  quantity integer not null default 1,
  category_id bigint references categories (id) on delete restrict,
  tags text[] not null default '{}',
  images text[] not null default '{}',
  is_vintage boolean not null default false,
  who_made text,
  when_made text,
  archived_at timestamptz,
  state text not null generated always as (
    case when archived_at is not null then 'archived' when quantity = 0 then 'sold_out' else 'active' end
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint products_shop_id_sku_key unique (shop_id, sku),
  constraint products_title_has_1_to_200_characters check (char_length(title) between 1 and 200),
  constraint products_description_has_a_sane_length check (char_length(description) <= 20000),
  constraint products_sku_has_a_sane_length check (char_length(sku) between 1 and 100),
  constraint products_price_is_positive check (price > 0),
  constraint products_quantity_is_not_negative check (quantity >= 0),
  constraint products_tags_are_at_most_13 check (cardinality(tags) <= 13 and array_position(tags, null) is null),
  constraint products_images_are_at_most_10 check (cardinality(images) <= 10 and array_position(images, null) is null),
  constraint products_who_made_is_known check (who_made in ('i_did', 'someone_else', 'collective')),
  constraint products_when_made_has_a_sane_length check (char_length(when_made) between 1 and 40)
);
-- Each listing order ends in id: a keyset page needs a total order.
create index products_shop_id_idx on products (shop_id, created_at desc, id desc);
create index products_category_id_idx on products (category_id, created_at desc, id desc);
create index products_price_idx on products (price, id);
create index products_created_at_idx on products (created_at desc, id desc);
create index products_low_stock_idx on products (quantity, id) where quantity <= 3;
comment on table products is 'Listings. Most exist once: quantity is 1 until the item is sold.';
comment on column products.quantity is 'Stock on hand. Holds in carts are not subtracted; checkout subtracts.';
comment on column products.sku is 'The seller''s own reference, unique in the shop.';
comment on column products.state is 'active, sold_out or archived: follows stock and archived_at by itself.';

create table product_views (
  product_id bigint not null references products (id) on delete cascade,
  viewed_on date not null default current_date,
  views bigint not null,
  primary key (product_id, viewed_on),
  constraint product_views_views_is_positive check (views > 0)
);
comment on table product_views is 'How often a product page was read, a row a day; added up in batches by the API.';

-- migrate:down
drop table product_views;
drop table products;
drop table shops;
drop table categories;
