-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table variants, order_items in access exclusive mode;
alter table order_items
  add column variant_id bigint,
  add column stock_variant_id bigint,
  add column option_values text[] not null default '{}',
  add column sku text,
  add column personalization text,
  -- Null in every row, and PostgreSQL before 18 has no "not valid" for a partitioned table.
  -- squawk-ignore constraint-missing-not-valid, adding-foreign-key-constraint
  add constraint order_items_variant_id_product_id_fkey foreign key (variant_id, product_id)
    references variants (id, product_id) on delete restrict,
  add constraint order_items_personalization_has_a_sane_length check (char_length(personalization) between 1 and 1024) not valid,
  add constraint order_items_stock_variant_id_is_its_variant
    check (stock_variant_id is null or stock_variant_id is not distinct from variant_id) not valid;
-- On a large installation build it on each partition beforehand (db/README.md).
-- squawk-ignore require-concurrent-index-creation
create index if not exists order_items_variant_id_product_id_idx on order_items (variant_id, product_id) where variant_id is not null;
comment on column order_items.variant_id is 'The variant sold; null for a listing without variants.';
comment on column order_items.stock_variant_id is
  'The variant whose stock the sale took, and a restock gives back; null: the stock of the product.';
comment on column order_items.option_values is 'The values of the variant at the time of the sale.';
comment on column order_items.sku is 'The sku of the variant, else of the listing, at the time of the sale; null without one.';
comment on column order_items.personalization is 'What the buyer wrote to be put on the item; null without a text.';

-- migrate:down
alter table order_items
  drop column variant_id, drop column stock_variant_id, drop column option_values, drop column sku, drop column personalization;
