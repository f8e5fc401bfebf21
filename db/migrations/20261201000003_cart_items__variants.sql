-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table variants, cart_items in access exclusive mode;
alter table cart_items
  add column variant_id bigint,
  add column stock_variant_id bigint,
  add column personalization text,
  add constraint cart_items_variant_id_product_id_fkey foreign key (variant_id, product_id)
    references variants (id, product_id) on delete cascade not valid,
  add constraint cart_items_personalization_has_a_sane_length check (char_length(personalization) between 1 and 1024) not valid,
  add constraint cart_items_stock_variant_id_is_its_variant
    check (stock_variant_id is null or stock_variant_id is not distinct from variant_id) not valid;
-- squawk-ignore require-concurrent-index-creation
create index if not exists cart_items_variant_id_product_id_idx on cart_items (variant_id, product_id) where variant_id is not null;
-- Refuses two holds on one stock: that of the product, or that of one of its variants. A cart table is small.
-- squawk-ignore require-concurrent-index-creation
create unique index if not exists cart_items_product_id_stock_variant_id_hold_key
  on cart_items (product_id, coalesce(stock_variant_id, 0)) where reserved_until is not null;
-- squawk-ignore require-concurrent-index-deletion
drop index cart_items_product_id_hold_key;
comment on column cart_items.variant_id is 'The chosen variant; null for a listing without variants.';
comment on column cart_items.stock_variant_id is
  'The variant whose stock the line takes: variant_id where the listing has stock_by variant, else null for the stock of the product.';
comment on column cart_items.personalization is 'What the buyer wrote to be put on the item; null without a text.';

-- migrate:down
-- Two variants of a product can be held at once, but the product only once.
update cart_items set reserved_until = null where stock_variant_id is not null;
create unique index if not exists cart_items_product_id_hold_key on cart_items (product_id) where reserved_until is not null;
alter table cart_items drop column variant_id, drop column stock_variant_id, drop column personalization;
