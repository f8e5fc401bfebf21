-- migrate:up
create table reviews (
  id bigint generated always as identity primary key,
  order_id bigint not null unique references orders (id) on delete restrict,
  reviewer_id bigint not null references users (id) on delete restrict,
  shop_id bigint not null references shops (id) on delete restrict,
  rating smallint not null,
  comment text not null default '',
  created_at timestamptz not null default now(),
  reply text,
  replied_at timestamptz,
  constraint reviews_comment_has_a_sane_length check (char_length(comment) <= 5000),
  constraint reviews_rating_is_from_1_to_5 check (rating between 1 and 5),
  constraint reviews_reply_has_a_sane_length check (char_length(reply) between 1 and 5000),
  constraint reviews_reply_has_a_time check ((reply is null) = (replied_at is null))
);
create index reviews_reviewer_id_idx on reviews (reviewer_id);
create index reviews_shop_id_idx on reviews (shop_id, id desc);
comment on table reviews is 'One review an order, by its buyer.';
comment on column reviews.id is 'The review.';
comment on column reviews.order_id is 'The order that it is about.';
comment on column reviews.reviewer_id is 'The author: the buyer of the order.';
comment on column reviews.shop_id is 'The shop of the order.';
comment on column reviews.rating is '1 to 5 stars.';
comment on column reviews.comment is 'The buyer''s text, as plain text; may be empty.';
comment on column reviews.created_at is 'When it was written.';
comment on column reviews.reply is 'The shop''s public reply; null without one.';
comment on column reviews.replied_at is 'When the reply was last written; null without one.';

create table favorites (
  user_id bigint not null references users (id) on delete cascade,
  fav_type text not null,
  fav_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (user_id, fav_type, fav_id),
  constraint favorites_fav_type_is_known check (fav_type in ('product', 'shop'))
);
create index favorites_created_at_idx on favorites (created_at);
create index favorites_fav_type_fav_id_idx on favorites (fav_type, fav_id);
create index favorites_user_id_idx on favorites (user_id, created_at desc, fav_type, fav_id);
comment on table favorites is 'The products and shops that people like.';
comment on column favorites.user_id is 'The person who likes it.';
comment on column favorites.fav_type is 'What fav_id is: product or shop.';
comment on column favorites.fav_id is 'Id of the product or shop; add_favorite checks that it exists.';
comment on column favorites.created_at is 'When it was added.';

create table shop_statistics (
  shop_id bigint not null references shops (id) on delete cascade,
  day date not null,
  views bigint not null,
  favorites bigint not null,
  carts bigint not null,
  orders bigint not null,
  units bigint not null,
  revenue numeric(14, 2) not null,
  refunded numeric(14, 2) not null,
  primary key (shop_id, day),
  constraint shop_statistics_figures_are_not_negative check (
    least(views, favorites, carts, orders, units) >= 0 and least(revenue, refunded) >= 0
  )
);
create index shop_statistics_day_idx on shop_statistics (day);
comment on table shop_statistics is
  'The figures of each shop, one row a day; a day without any has no row. rebuild_shop_statistics writes it.';
comment on column shop_statistics.shop_id is 'The shop.';
comment on column shop_statistics.day is 'The day in UTC.';
comment on column shop_statistics.views is
  'Views of its product pages. A view is counted seconds later, so one just before midnight may count for the next day.';
comment on column shop_statistics.favorites is
  'Favorites of its products and of the shop that began that day and still existed when the day was last computed.';
comment on column shop_statistics.carts is
  'Lines of its products that were added to carts, even if removed later. More units of a line are no new line.';
comment on column shop_statistics.orders is 'Orders that were paid that day, including those cancelled or refunded later.';
comment on column shop_statistics.units is 'Units in the orders that were paid that day.';
comment on column shop_statistics.revenue is
  'Totals, with shipping, of the orders that were paid that day. Refunds are not subtracted; they are in refunded.';
comment on column shop_statistics.refunded is
  'Totals of paid orders that were cancelled or refunded that day, whenever they were paid, so that old days do not change.';

create table statistics_days (
  day date primary key,
  computed_at timestamptz not null
);
comment on table statistics_days is
  'The days that rebuild_shop_statistics has computed for all shops. It goes on from the last one.';
comment on column statistics_days.day is 'The day in UTC.';
comment on column statistics_days.computed_at is 'When the day was last computed.';

-- migrate:down
drop table statistics_days;
drop table shop_statistics;
drop table favorites;
drop table reviews;
