-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- No foreign key to variants: PostgreSQL before 18 checks all rows of a partitioned table at once, under a lock that keeps
-- readers out, and each sale would look up its variant. A variant stays when the seller removes it, and tg_variants__apply
-- refuses to delete one that was sold.
alter table order_items
  add column variant_id bigint,
  add column stock_variant_id bigint,
  add column option_values text[] not null default '{}',
  add column sku text,
  add column personalization text,
  add constraint order_items_personalization_has_a_sane_length check (char_length(personalization) between 1 and 1024) not valid,
  add constraint order_items_stock_variant_id_is_its_variant
    check (stock_variant_id is null or stock_variant_id is not distinct from variant_id) not valid;
comment on column order_items.variant_id is 'The variant sold; null for a listing without variants.';
comment on column order_items.stock_variant_id is
  'The variant whose stock the sale took, and a restock gives back; null: the stock of the product.';
comment on column order_items.option_values is 'The values of the variant at the time of the sale.';
comment on column order_items.sku is 'The sku of the variant, else of the listing, at the time of the sale; null without one.';
comment on column order_items.personalization is 'What the buyer wrote to be put on the item; null without a text.';

-- migrate:down
alter table order_items
  drop column variant_id, drop column stock_variant_id, drop column option_values, drop column sku, drop column personalization;
