-- migrate:up
-- As with orders: no row is read or moved.
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
lock table order_items in access exclusive mode;
-- Whoever names it gets the new one, which is there when this commits.
-- squawk-ignore renaming-table
alter table order_items rename to order_items_undated;
alter index order_items_pkey rename to order_items_undated_pkey;
alter index order_items_product_id_idx rename to order_items_undated_product_id_idx;
comment on table order_items_undated is 'The items of orders_undated.';

create table order_items (
  order_id bigint not null,
  product_id bigint not null,
  title text not null,
  quantity integer not null,
  price_at_purchase numeric(10, 2) not null,
  primary key (order_id, product_id),
  constraint order_items_order_id_fkey foreign key (order_id) references orders (id) on delete restrict,
  constraint order_items_product_id_fkey foreign key (product_id) references products (id) on delete restrict,
  constraint order_items_quantity_is_positive check (quantity > 0),
  constraint order_items_price_at_purchase_is_not_negative check (price_at_purchase >= 0)
) partition by range (order_id);
create index order_items_product_id_idx on order_items (product_id);
comment on table order_items is 'What was bought, at the title and price of that moment. Rows never change. A partition a month of the order.';

create trigger order_items__refuse_change before update or delete or truncate on order_items
  for each statement execute function tg__refuse_change();
create trigger order_items__refuse_late_parts after insert on order_items
  referencing new table as added for each statement execute function tg_orders__refuse_late_parts();

do $$
begin
  execute format(
    'alter table order_items attach partition order_items_undated for values from (minvalue) to (%s)',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders_undated o)
  );
end;
$$;
alter table order_items_undated drop constraint order_items_order_id_is_undated;

select create_partition('order_items', to_date(right(p.relname, 6), 'YYYYMM'))
from pg_inherits i join pg_class p on p.oid = i.inhrelid
where i.inhparent = 'orders'::regclass and p.relname ~ '_\d{6}$'
order by p.relname;

-- migrate:down
set local lock_timeout = '500ms';
lock table order_items in access exclusive mode;
alter table order_items detach partition order_items_undated;
alter table order_items rename to order_items_of_months;
alter table order_items_undated disable trigger order_items__refuse_late_parts;
insert into order_items_undated select * from order_items_of_months;
alter table order_items_undated enable trigger order_items__refuse_late_parts;
drop table order_items_of_months;
alter table order_items_undated rename to order_items;
alter index order_items_undated_pkey rename to order_items_pkey;
alter index order_items_undated_product_id_idx rename to order_items_product_id_idx;
comment on table order_items is 'What was bought, at the title and price of that moment. Rows never change.';
do $$
begin
  execute format(
    'alter table order_items add constraint order_items_order_id_is_undated check (order_id < %s)',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders o)
  );
end;
$$;
