-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table products, shipping_profiles in access exclusive mode;
alter table products
  add column if not exists shipping_profile_id bigint,
  add constraint products_shipping_profile_id_shop_id_fkey foreign key (shipping_profile_id, shop_id)
    references shipping_profiles (id, shop_id) on delete restrict not valid;
comment on column products.shipping_profile_id is 'What its postage costs. Null: the default profile of the shop.';

-- migrate:down
alter table products drop column shipping_profile_id;
