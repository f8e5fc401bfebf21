-- Builds large indexes before a deploy, while people buy (docs/RUNBOOK.md, "Before a deploy"). The migrations of the deploy find the
-- columns and the indexes and leave them as they are. A second run does nothing.
set lock_timeout = '2s';
set statement_timeout = 0;

alter table products
  add column if not exists section_id bigint,
  add column if not exists processing_profile_id bigint,
  add column if not exists shipping_profile_id bigint;
alter table shops add column if not exists vacation_from date;
alter table orders add column if not exists late_since timestamptz, add column if not exists released_at timestamptz;

create index concurrently if not exists products_section_id_shop_id_idx
  on products (section_id, shop_id, created_at desc, id desc) where section_id is not null;
create index concurrently if not exists products_processing_profile_id_shop_id_idx
  on products (processing_profile_id, shop_id) where processing_profile_id is not null;
create index concurrently if not exists products_shipping_profile_id_shop_id_idx
  on products (shipping_profile_id, shop_id) where shipping_profile_id is not null;
create index concurrently if not exists shops_vacation_from_idx on shops (vacation_from) where vacation_from is not null;

-- A partitioned table: one index for each partition, then one that has them all.
select format(
  'create index concurrently if not exists %I on %s (ship_by) where status = ''paid'' and late_since is null',
  left(c.relname, 50) || '_ship_by_idx', c.oid::regclass
)
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'orders'::regclass
order by c.relname
\gexec
create index if not exists orders_ship_by_idx on only orders (ship_by) where status = 'paid' and late_since is null;
select format('alter index orders_ship_by_idx attach partition %I', left(c.relname, 50) || '_ship_by_idx')
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'orders'::regclass
order by c.relname
\gexec

select format(
  'create index concurrently if not exists %I on %s (id) where released_at is null and status in (''shipped'', ''delivered'')',
  left(c.relname, 50) || '_unreleased_idx', c.oid::regclass
)
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'orders'::regclass
order by c.relname
\gexec
create index if not exists orders_unreleased_idx on only orders (id)
  where released_at is null and status in ('shipped', 'delivered');
select format('alter index orders_unreleased_idx attach partition %I', left(c.relname, 50) || '_unreleased_idx')
from pg_inherits i join pg_class c on c.oid = i.inhrelid
where i.inhparent = 'orders'::regclass
order by c.relname
\gexec
