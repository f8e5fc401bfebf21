-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table products, shop_sections in access exclusive mode;
alter table products
  add column if not exists section_id bigint,
  add constraint products_section_id_shop_id_fkey foreign key (section_id, shop_id)
    references shop_sections (id, shop_id) on delete set null (section_id) not valid;
comment on column products.section_id is 'The section of the shop that shows it; null: none.';

-- migrate:down
alter table products drop column section_id;
