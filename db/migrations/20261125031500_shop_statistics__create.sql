-- migrate:up
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
  constraint shop_statistics_figures_are_not_negative
    check (least(views, favorites, carts, orders, units) >= 0 and least(revenue, refunded) >= 0)
);
-- The last days of all shops at once.
create index shop_statistics_day_idx on shop_statistics (day);
comment on table shop_statistics is 'What happened in each shop, a row a day in UTC; no row where nothing did. Worked out by rebuild_shop_statistics.';
comment on column shop_statistics.views is 'How often its product pages were read, by anybody; counted within seconds of the view, so one of midnight may be the next day''s.';
comment on column shop_statistics.favorites is 'Favorites of its products and of the shop itself that began that day and still stood when the day was last worked out.';
comment on column shop_statistics.carts is 'Lines of its products that were added to carts, whatever became of them. More of what a cart holds already is no new line.';
comment on column shop_statistics.orders is 'Orders that were paid that day, those of them included that were cancelled or refunded later.';
comment on column shop_statistics.units is 'Units in the orders that were paid that day.';
comment on column shop_statistics.revenue is 'Totals, with shipping, of the orders that were paid that day. Nothing is subtracted: what goes back is in refunded.';
comment on column shop_statistics.refunded is 'Totals of paid orders that were cancelled or refunded that day, whichever day they had been paid, so that old days stay as they were.';

create table statistics_days (
  day date primary key,
  computed_at timestamptz not null
);
comment on table statistics_days is 'The days that rebuild_shop_statistics has worked out for all shops. It goes on from the last of them.';

-- migrate:down
drop table statistics_days;
drop table shop_statistics;
