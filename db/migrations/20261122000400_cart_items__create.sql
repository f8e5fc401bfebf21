-- migrate:up
create table cart_items (
  id bigint generated always as identity primary key,
  user_id bigint not null references users (id) on delete cascade,
  product_id bigint not null references products (id) on delete cascade,
  quantity integer not null default 1,
  price_when_added numeric(10, 2),
  reserved_until timestamptz,
  added_at timestamptz not null default now(),
  constraint cart_items_user_id_product_id_key unique (user_id, product_id),
  constraint cart_items_quantity_is_positive check (quantity > 0)
);
create index cart_items_user_id_idx on cart_items (user_id);
create index cart_items_product_id_idx on cart_items (product_id);
create index cart_items_reserved_until_idx on cart_items (reserved_until) where reserved_until is not null;
-- Two holds on one item cannot be written, whatever the code above believes.
create unique index cart_items_product_id_hold_key on cart_items (product_id) where reserved_until is not null;
comment on table cart_items is 'What is in whose cart. A line of a one-of-a-kind item carries its 15-minute hold.';
comment on column cart_items.reserved_until is 'End of the hold of a one-of-a-kind item; null for items held by nobody.';
comment on column cart_items.price_when_added is 'The price the buyer saw, so that the cart can tell of a change.';

-- migrate:down
drop table cart_items;
