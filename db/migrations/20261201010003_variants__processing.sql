-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table variants, processing_profiles in access exclusive mode;
alter table variants
  add column processing_profile_id bigint,
  add constraint variants_processing_profile_id_shop_id_fkey foreign key (processing_profile_id, shop_id)
    references processing_profiles (id, shop_id) on delete restrict not valid;
-- The table is new.
-- squawk-ignore require-concurrent-index-creation
create index variants_processing_profile_id_shop_id_idx on variants (processing_profile_id, shop_id)
  where processing_profile_id is not null;
comment on column variants.processing_profile_id is
  'How long the shop needs until it ships this variant. Null: as for the listing.';

-- migrate:down
alter table variants drop column processing_profile_id;
