-- migrate:up
-- Remembers each hold beyond its cart line: how long the buyer must wait for the next one, and what the cart lost when it lapsed.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
create table holds (
  user_id bigint not null references users (id) on delete cascade,
  product_id bigint not null references products (id) on delete cascade,
  held_until timestamptz not null,
  lapsed_at timestamptz,
  is_lapse_unseen boolean not null default false,
  primary key (user_id, product_id),
  constraint holds_unseen_lapse_has_a_time check (not is_lapse_unseen or lapsed_at is not null)
);
create index holds_product_id_idx on holds (product_id);
create index holds_held_until_idx on holds (held_until);
create index holds_lapsed_idx on holds (user_id) where lapsed_at is not null;
comment on table holds is 'The last hold of each buyer on each item. It outlives the cart line: a buyer holds an item for 15 minutes in any 75.';
comment on column holds.user_id is 'Who holds or held the item.';
comment on column holds.product_id is 'The item, of which there was one.';
comment on column holds.held_until is 'When the hold ends or ended. The next one of this buyer on this item may begin 60 minutes later.';
comment on column holds.lapsed_at is 'When the line left the cart because its hold had lapsed; null while it has not, or when the buyer has added the item again or removed it.';
comment on column holds.is_lapse_unseen is 'The buyer has not read or changed the cart since the line left it.';
insert into holds (user_id, product_id, held_until)
select ci.user_id, ci.product_id, ci.reserved_until from cart_items ci where ci.reserved_until is not null;

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
drop table holds;
