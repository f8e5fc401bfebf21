-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table products, processing_profiles in access exclusive mode;
alter table products
  add column materials text[] not null default '{}',
  add column if not exists processing_profile_id bigint,
  add constraint products_materials_are_at_most_13
    check (cardinality(materials) <= 13 and array_position(materials, null) is null) not valid,
  add constraint products_processing_profile_id_shop_id_fkey foreign key (processing_profile_id, shop_id)
    references processing_profiles (id, shop_id) on delete restrict not valid;
comment on column products.materials is 'What the item is made of: at most 13 words or phrases of the seller. Search reads them.';
comment on column products.processing_profile_id is
  'How long the shop needs until it ships the item. Null: processing_days_min and _max of shops.shipping, ready to ship.';

-- migrate:down
alter table products drop column materials, drop column processing_profile_id;
