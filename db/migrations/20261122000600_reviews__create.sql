-- migrate:up
create table reviews (
  id bigint generated always as identity primary key,
  order_id bigint not null unique references orders (id) on delete restrict,
  reviewer_id bigint not null references users (id) on delete restrict,
  shop_id bigint not null references shops (id) on delete restrict,
  rating smallint not null,
  comment text not null default '',
  created_at timestamptz not null default now(),
  constraint reviews_rating_is_from_1_to_5 check (rating between 1 and 5),
  constraint reviews_comment_has_a_sane_length check (char_length(comment) <= 5000)
);
create index reviews_shop_id_idx on reviews (shop_id, id desc);
create index reviews_reviewer_id_idx on reviews (reviewer_id);
comment on table reviews is 'One review an order, by its buyer.';

create table favorites (
  user_id bigint not null references users (id) on delete cascade,
  fav_type text not null,
  fav_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (user_id, fav_type, fav_id),
  constraint favorites_fav_type_is_known check (fav_type in ('product', 'shop'))
);
create index favorites_user_id_idx on favorites (user_id, created_at desc, fav_type, fav_id);
create index favorites_fav_type_fav_id_idx on favorites (fav_type, fav_id);
comment on table favorites is 'What people like: products and shops.';
comment on column favorites.fav_id is 'Id of the product or shop; add_favorite checks that it exists.';

-- migrate:down
drop table favorites;
drop table reviews;
