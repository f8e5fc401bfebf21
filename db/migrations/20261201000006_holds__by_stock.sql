-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- 0 and not null, because a primary key has no nulls.
alter table holds add column stock_variant_id bigint not null default 0;
-- A hold lives 75 minutes, so the table is small.
alter table holds
  drop constraint holds_pkey,
  -- squawk-ignore constraint-missing-not-valid, adding-serial-primary-key-field
  add constraint holds_pkey primary key (user_id, product_id, stock_variant_id);
comment on column holds.stock_variant_id is 'The variant whose stock is held; 0: the stock of the product.';
comment on table holds is
  'The last hold of each buyer on each stock. It outlives the cart line: a buyer holds an item for 15 minutes in any 75.';

-- migrate:down
delete from holds h where h.stock_variant_id <> 0;
alter table holds drop constraint holds_pkey, add constraint holds_pkey primary key (user_id, product_id);
alter table holds drop column stock_variant_id;
