-- migrate:up
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
    default '{"base": "0.00", "per_extra_item": "0.00", "processing_days_max": 3, "processing_days_min": 1}',
  created_at timestamptz not null default now(),
  is_on_vacation boolean not null default false,
  vacation_message text,
  constraint shops_name_has_a_sane_length check (char_length(name) between 1 and 100),
  constraint shops_rating_is_from_1_to_5 check (rating between 1 and 5),
  constraint shops_review_count_is_not_negative check (review_count >= 0),
  constraint shops_sales_count_is_not_negative check (sales_count >= 0),
  constraint shops_shipping_is_a_profile check (
    shipping ?& array['base', 'per_extra_item', 'processing_days_min', 'processing_days_max']
    and (shipping ->> 'base') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'per_extra_item') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'processing_days_min')::integer between 0 and 365
    and (shipping ->> 'processing_days_max')::integer between (shipping ->> 'processing_days_min')::integer and 365
  ),
  constraint shops_vacation_message_has_a_sane_length check (char_length(vacation_message) between 1 and 500)
);
-- Suggestions find shops by the beginning of their names, with one slip forgiven.
create index shops_name_trigrams_idx on shops using gin (lower(name) gin_trgm_ops);
create index shops_on_vacation_idx on shops (id) where is_on_vacation;
create index shops_owner_id_idx on shops (owner_id);
comment on table shops is 'Shops: branding, shipping profile and the counters that ranking reads.';
comment on column shops.id is 'The shop.';
comment on column shops.owner_id is 'The owner.';
comment on column shops.name is 'Its name, 1 to 100 characters.';
comment on column shops.description is 'The owner''s text, as plain text.';
comment on column shops.banner is 'URL of the banner picture.';
comment on column shops.logo is 'URL of the logo.';
comment on column shops.rating is 'Mean of the shop''s reviews, 1 to 5; null without a review.';
comment on column shops.review_count is 'How many reviews it has; rating is their mean.';
comment on column shops.sales_count is 'Units sold. A checkout adds its units; a cancelled or refunded order takes them off.';
comment on column shops.shipping is
  'Shipping profile: base and per_extra_item in US dollars as decimal strings, processing time in days.';
comment on column shops.created_at is 'When it was opened.';
comment on column shops.is_on_vacation is 'While true, its listings cannot be added to a cart or bought, and no list shows them.';
comment on column shops.vacation_message is 'The message that visitors see during the vacation. It stays for the next one.';

create table categories (
  id bigint generated always as identity primary key,
  name text not null,
  parent_id bigint references categories (id) on delete restrict,
  slug text not null unique,
  constraint categories_parent_id_name_key unique nulls not distinct (parent_id, name),
  constraint categories_name_has_a_sane_length check (char_length(name) between 1 and 100),
  constraint categories_parent_id_is_another_category check (parent_id <> id),
  constraint categories_slug_is_url_safe check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
);
comment on table categories is 'The category tree. Any category, leaf or not, can hold items.';
comment on column categories.id is 'The category.';
comment on column categories.name is 'The name that people read.';
comment on column categories.parent_id is 'The category above it; null for a root.';
comment on column categories.slug is 'The name in URLs and filters: small letters, digits and hyphens.';

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
  constraint products_description_has_a_sane_length check (char_length(description) <= 20000),
  constraint products_images_are_at_most_10 check (cardinality(images) <= 10 and array_position(images, null) is null),
  constraint products_price_is_positive check (price > 0),
  constraint products_quantity_is_not_negative check (quantity >= 0),
  constraint products_sku_has_a_sane_length check (char_length(sku) between 1 and 100),
  constraint products_tags_are_at_most_13 check (cardinality(tags) <= 13 and array_position(tags, null) is null),
  constraint products_title_has_1_to_200_characters check (char_length(title) between 1 and 200),
  constraint products_when_made_has_a_sane_length check (char_length(when_made) between 1 and 40),
  constraint products_who_made_is_known check (who_made in ('i_did', 'someone_else', 'collective'))
) with (fillfactor = 90);
-- Each list ends in id, because a page that goes on after a row needs a total order. No index holds the quantity, in its
-- predicate neither: an update of the stock then stays in its page (heap-only), which the fillfactor leaves room for.
create index products_category_id_idx on products (category_id, created_at desc, id desc);
create index products_created_at_idx on products (created_at desc, id desc);
create index products_price_idx on products (price, id);
create index products_shop_id_idx on products (shop_id, created_at desc, id desc);
comment on table products is 'Listings. Most exist once: quantity is 1 until the item is sold.';
comment on column products.id is 'The listing.';
comment on column products.shop_id is 'The shop that sells it.';
comment on column products.sku is 'The seller''s own reference, unique in the shop.';
comment on column products.title is 'What it is, in 1 to 200 characters.';
comment on column products.description is 'The seller''s text, as plain text.';
comment on column products.price is 'The price of a unit, in US dollars, without postage.';
comment on column products.quantity is 'Stock on hand. Holds in carts are not subtracted; checkout subtracts.';
comment on column products.category_id is 'Its category; null for none.';
comment on column products.tags is 'At most 13 words or phrases of the seller. Search reads them.';
comment on column products.images is 'At most 10 URLs of pictures, the main one first.';
comment on column products.is_vintage is 'Whether the seller calls it vintage.';
comment on column products.who_made is 'i_did, someone_else or collective; null where the seller does not say.';
comment on column products.when_made is 'When it was made, such as made_to_order or 1960s; null where the seller does not say.';
comment on column products.archived_at is 'Since when it is off the shelf; null while it is on it. Orders still refer to it.';
comment on column products.state is 'active, sold_out or archived, from quantity and archived_at.';
comment on column products.created_at is 'When it was listed.';
comment on column products.updated_at is 'When the row last changed, stock included.';

create table listing_counts (
  shop_id bigint primary key references shops (id) on delete cascade,
  listings integer not null,
  newest_created_at timestamptz not null,
  newest_id bigint not null,
  constraint listing_counts_listings_is_positive check (listings > 0)
);
comment on table listing_counts is
  'How many listings a shop had when count_listings last counted them. A deleted row is counted again.';
comment on column listing_counts.shop_id is 'The shop.';
comment on column listing_counts.listings is 'How many listings it had, archived ones included.';
comment on column listing_counts.newest_created_at is 'created_at of the newest of these listings.';
comment on column listing_counts.newest_id is 'Id of the newest of these listings.';

create table product_views (
  product_id bigint not null references products (id) on delete cascade,
  viewed_on date not null default current_date,
  views bigint not null,
  primary key (product_id, viewed_on),
  constraint product_views_views_is_positive check (views > 0)
);
create index product_views_viewed_on_idx on product_views (viewed_on);
comment on table product_views is 'How often a product page was read: one row a day. The API adds views in batches.';
comment on column product_views.product_id is 'The listing.';
comment on column product_views.viewed_on is 'The day in UTC.';
comment on column product_views.views is 'How often its page was read that day.';

create table product_popularity (
  product_id bigint primary key references products (id) on delete cascade,
  score double precision not null,
  constraint product_popularity_score_is_positive check (score > 0)
);
create index product_popularity_score_idx on product_popularity (score desc, product_id desc);
comment on table product_popularity is
  'What is popular now, from views, favorites and sales, decayed. rebuild_product_popularity writes it.';
comment on column product_popularity.product_id is
  'The listing. A listing without a row had no view, favorite or sale for 14 days.';
comment on column product_popularity.score is
  'Points, each worth half after three days: 1 for a view, 5 for a favorite, 10 for a unit sold.';

create table product_neighbors (
  product_id bigint not null references products (id) on delete cascade,
  neighbor_id bigint not null references products (id) on delete cascade,
  similarity double precision not null,
  primary key (product_id, neighbor_id),
  constraint product_neighbors_are_two_products check (product_id <> neighbor_id),
  constraint product_neighbors_similarity_is_positive check (similarity > 0)
);
create index product_neighbors_neighbor_id_idx on product_neighbors (neighbor_id);
comment on table product_neighbors is
  'Listings that the same people like or buy: the 20 nearest of each. rebuild_product_neighbors writes it.';
comment on column product_neighbors.product_id is 'The listing.';
comment on column product_neighbors.neighbor_id is 'A listing that the same people like or buy.';
comment on column product_neighbors.similarity is
  'How near it is, above 0: larger is nearer. Compare figures of one rebuild only.';

-- migrate:down
drop table product_neighbors;
drop table product_popularity;
drop table product_views;
drop table listing_counts;
drop table products;
drop table categories;
drop table shops;
