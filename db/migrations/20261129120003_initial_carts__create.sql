-- migrate:up
create table cart_items (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  product_id bigint not null references products (id) on delete cascade,
  quantity integer not null default 1,
  price_when_added numeric(10, 2),
  reserved_until timestamptz,
  added_at timestamptz not null default now(),
  shipping_base_when_added numeric(10, 2),
  shipping_extra_when_added numeric(10, 2),
  outlives_hold boolean not null default false,
  constraint cart_items_quantity_is_positive check (quantity > 0)
);
-- Refuses two holds on one item, also if a function has an error.
create unique index cart_items_product_id_hold_key on cart_items (product_id) where reserved_until is not null;
create index cart_items_user_id_product_id_idx on cart_items (user_id, product_id);
create index cart_items_product_id_idx on cart_items (product_id);
create index cart_items_reserved_until_idx on cart_items (reserved_until) where reserved_until is not null;
comment on table cart_items is 'The lines of carts. A line of a one-of-a-kind item carries its 15-minute hold.';
comment on column cart_items.id is 'The line. A line that comes back from a failed payment keeps its id.';
comment on column cart_items.user_id is 'The owner of the cart.';
comment on column cart_items.product_id is 'The listing. A cart can have several lines of it.';
comment on column cart_items.quantity is 'Units the buyer wants.';
comment on column cart_items.price_when_added is 'The price that the buyer saw, so that the cart can show a change.';
comment on column cart_items.reserved_until is 'End of the hold of a one-of-a-kind item; null without a hold.';
comment on column cart_items.added_at is 'When the line was added; a line that comes back from a failed payment keeps its time.';
comment on column cart_items.shipping_base_when_added is
  'The shop''s postage for the first unit when the line was added, so that a checkout can show a rise. US dollars.';
comment on column cart_items.shipping_extra_when_added is
  'The shop''s postage for each further unit when the line was added. US dollars.';
comment on column cart_items.outlives_hold is
  'The line came back from a failed payment. When its hold lapses, it stays in the cart without a hold.';

create table holds (
  user_id bigint not null references users (id) on delete cascade,
  product_id bigint not null references products (id) on delete cascade,
  held_until timestamptz not null,
  lapsed_at timestamptz,
  is_lapse_unseen boolean not null default false,
  primary key (user_id, product_id),
  constraint holds_unseen_lapse_has_a_time check (not is_lapse_unseen or lapsed_at is not null)
);
create index holds_held_until_idx on holds (held_until);
create index holds_lapsed_idx on holds (user_id) where lapsed_at is not null;
create index holds_product_id_idx on holds (product_id);
comment on table holds is
  'The last hold of each buyer on each item. It outlives the cart line: a buyer holds an item for 15 minutes in any 75.';
comment on column holds.user_id is 'The buyer who holds or held the item.';
comment on column holds.product_id is 'The item, which existed once.';
comment on column holds.held_until is
  'When the hold ends or ended. The next one of this buyer on this item may begin 60 minutes later.';
comment on column holds.lapsed_at is
  'When the line left the cart because its hold lapsed. Null before that, and when the buyer added the item again or removed it.';
comment on column holds.is_lapse_unseen is 'The buyer has not read or changed the cart since the line left it.';

create table cart_additions (
  product_id bigint not null references products (id) on delete cascade,
  added_on date not null,
  lines bigint not null,
  primary key (product_id, added_on),
  constraint cart_additions_lines_is_positive check (lines > 0)
);
create index cart_additions_added_on_idx on cart_additions (added_on);
comment on table cart_additions is
  'How many lines of a product were added to carts: one row a day. An item that is removed and added again counts twice.';
comment on column cart_additions.product_id is 'The listing.';
comment on column cart_additions.added_on is 'The day in UTC.';
comment on column cart_additions.lines is 'How many lines with the listing were added to carts that day.';

-- migrate:down
drop table cart_additions;
drop table holds;
drop table cart_items;
