-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
lock table products, shop_sections in access exclusive mode;
alter table products
  add column section_id bigint,
  add constraint products_section_id_shop_id_fkey foreign key (section_id, shop_id)
    references shop_sections (id, shop_id) on delete set null (section_id) not valid;
-- Has no row yet. On a large installation build it beforehand (db/README.md).
-- squawk-ignore require-concurrent-index-creation
create index if not exists products_section_id_shop_id_idx on products (section_id, shop_id, created_at desc, id desc)
  where section_id is not null;
comment on column products.section_id is 'The section of the shop that shows it; null: none.';

-- migrate:down
alter table products drop column section_id;
