-- migrate:up
-- No row is read or moved, so this takes as long for a hundred million orders as for none. It locks out everybody for that moment,
-- from readers of orders too; it gives up sooner than a deadlock is looked for (deadlock_timeout, 1 s), so that no call dies of it.
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
-- The other tables give up their reference to the old table for one to the new.
lock table checkouts, orders, order_items, order_events, refunds, reviews in access exclusive mode;

create table dated_ids (
  since date primary key
);
comment on table dated_ids is 'The month in which ids of checkouts and orders began to carry their month, in one row.';

-- What ids begin with once they carry their month (…020016), so it is made here and no function file.
create function next_dated_id(ids regclass) returns bigint language sql volatile security definer
set search_path = public, pg_temp as $$
  select (extract(year from now() at time zone 'UTC') * 100 + extract(month from now() at time zone 'UTC'))::bigint * 1000000000 + nextval(ids)
$$;
comment on function next_dated_id(regclass) is
  'The next id of a sequence with the month before it: 202611000000042. A month has room for 999,999,999, 385 a second all month long.';
revoke execute on function next_dated_id(regclass) from public;

-- No search_path: both are inlined. An index is not to be walked for these bounds: a plan for any value takes `between` for a narrow
-- range, and would rather walk a whole month by id than look up a checkout. `<= any` is estimated by itself, and prunes as well.
create function is_id_between(id bigint, first_id bigint, last_id bigint) returns boolean language sql immutable as $$
  select id >= first_id and id <= any (array[last_id])
$$;
comment on function is_id_between(bigint, bigint, bigint) is 'Whether an id lies in a range: says which partitions to look into, and no more.';
-- No search_path: inlined.
create function is_of_checkout(order_id bigint, checkout_id bigint) returns boolean language sql immutable as $$
  select is_id_between(order_id, checkout_id / 1000000000 * 1000000000, checkout_id / 1000000000 * 1000000000 + 999999999)
$$;
comment on function is_of_checkout(bigint, bigint) is
  'Whether an order can be one of a checkout, by the month of its id: whoever looks for orders by their checkout asks for this, too.';

-- What made the ids before goes on: without a month as long as items and events have no partitions to take one, then behind it.
do $$
declare
  v_table text;
  v_next bigint;
begin
  foreach v_table in array array['checkouts', 'orders'] loop
    -- Where this was undone and is done again, there are ids of both kinds.
    execute format(
      'select greatest(coalesce(max(id), 0) %% 1000000000, (select max(id) from %1$I where id < 1000000000)) + 1 from %1$I', v_table
    ) into v_next;
    execute format('alter table %I alter id drop identity', v_table);
    execute format('create sequence %I maxvalue 999999999 start %s cycle owned by %I.id', v_table || '_id_seq', v_next, v_table);
  end loop;
end;
$$;
alter table checkouts alter id set default nextval('checkouts_id_seq');

drop trigger orders__touch_updated_at on orders;
drop trigger orders__refuse_change on orders;
-- Whoever names it gets the new one, which is there when this commits.
-- squawk-ignore renaming-table
alter table orders rename to orders_undated;
alter index orders_pkey rename to orders_undated_pkey;
alter index orders_checkout_id_shop_id_key rename to orders_undated_checkout_id_shop_id_key;
alter index orders_buyer_id_created_at_idx rename to orders_undated_buyer_id_created_at_idx;
alter index orders_shop_id_created_at_idx rename to orders_undated_shop_id_created_at_idx;
alter index orders_shop_id_status_created_at_idx rename to orders_undated_shop_id_status_created_at_idx;
comment on table orders_undated is 'Orders whose ids carry no month: those from before there were partitions.';

create table orders (
  id bigint not null default nextval('orders_id_seq') primary key,
  checkout_id bigint not null,
  buyer_id bigint not null,
  shop_id bigint not null,
  status text not null default 'pending',
  subtotal numeric(10, 2) not null,
  shipping numeric(10, 2) not null,
  total numeric(10, 2) not null,
  tracking jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Named: PostgreSQL would give each the name that the partition has, and a number.
  constraint orders_buyer_id_fkey foreign key (buyer_id) references users (id) on delete restrict,
  constraint orders_shop_id_fkey foreign key (shop_id) references shops (id) on delete restrict,
  constraint orders_checkout_id_buyer_id_fkey foreign key (checkout_id, buyer_id)
    references checkouts (id, buyer_id) on delete restrict,
  constraint orders_status_is_known
    check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')),
  constraint orders_total_is_its_parts check (total = subtotal + shipping),
  constraint orders_amounts_are_not_negative check (subtotal >= 0 and shipping >= 0),
  constraint orders_tracking_names_carrier_and_number check (tracking ?& array['carrier', 'tracking_number']),
  constraint orders_shipped_with_tracking check (status <> 'shipped' or tracking is not null),
  constraint orders_id_is_of_the_month_of_its_checkout check (id / 1000000000 = checkout_id / 1000000000),
  constraint orders_id_is_of_the_month_it_was_made check (
    id < 1000000000 or id / 1000000000
      = (extract(year from created_at at time zone 'UTC') * 100 + extract(month from created_at at time zone 'UTC'))::bigint
  )
) partition by range (id);
alter sequence orders_id_seq owned by orders.id;
alter table orders_undated alter id drop default;
create index orders_buyer_id_created_at_idx on orders (buyer_id, created_at desc, id desc);
create index orders_shop_id_created_at_idx on orders (shop_id, created_at desc, id desc);
create index orders_shop_id_status_created_at_idx on orders (shop_id, status, created_at desc, id desc);
comment on table orders is
  'What one shop sends to one buyer: a checkout leaves one order per shop. A partition a month; each has a unique (checkout_id, shop_id).';
comment on column orders.id is 'The month of the order, then its number: 202611000000042.';

create trigger orders__touch_updated_at before update on orders
  for each row execute function tg__touch_updated_at();
create trigger orders__refuse_change before update of checkout_id, buyer_id, shop_id, subtotal, shipping, total on orders
  for each row execute function tg__refuse_change();
create trigger orders__refuse_late_parts after insert on orders
  referencing new table as added for each statement execute function tg_orders__refuse_late_parts();

do $$
begin
  execute format(
    'alter table orders attach partition orders_undated for values from (minvalue) to (%s)',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders_undated o)
  );
end;
$$;
alter table orders_undated drop constraint orders_id_is_undated;

alter table order_items drop constraint order_items_order_id_fkey;
alter table order_items add constraint order_items_order_id_fkey
  foreign key (order_id) references orders (id) on delete restrict not valid;
alter table order_events drop constraint order_events_order_id_fkey;
alter table order_events add constraint order_events_order_id_fkey
  foreign key (order_id) references orders (id) on delete restrict not valid;
alter table refunds drop constraint refunds_order_id_fkey;
alter table refunds add constraint refunds_order_id_fkey
  foreign key (order_id) references orders (id) on delete restrict not valid;
alter table reviews drop constraint reviews_order_id_fkey;
alter table reviews add constraint reviews_order_id_fkey
  foreign key (order_id) references orders (id) on delete restrict not valid;

-- Partitions are made beside their table and then attached, which by itself locks out nobody. Foreign keys do: what the table refers
-- to, and what refers to it, is locked against writers for the moment. Rules of a whole statement hold for a table
-- and not for its partitions, which can be written to by name: each gets its own.
create function create_partition(parent regclass, month date) returns text language plpgsql volatile security definer
set search_path = public, pg_temp as $$
declare
  v_parent constant text := (select c.relname from pg_class c where c.oid = parent);
  v_partition constant text := v_parent || to_char(month, '_YYYYMM');
  v_holds_days constant boolean := exists (
    select from pg_attribute a join pg_partitioned_table pt on pt.partrelid = a.attrelid and pt.partattrs[0] = a.attnum
    where a.attrelid = parent and a.atttypid = 'date'::regtype
  );
  v_trigger record;
begin
  if to_regclass(v_partition) is not null then
    return null;
  end if;
  execute format('create table %I (like %I including all)', v_partition, v_parent);
  execute format('comment on table %I is %L', v_partition, format('The part of %s that is of %s.', v_parent, to_char(month, 'YYYY-MM')));
  if v_parent = 'orders' then
    execute format(
      'alter table %I add constraint %I unique (checkout_id, shop_id)', v_partition, v_partition || '_checkout_id_shop_id_key'
    );
  end if;
  for v_trigger in
    select pg_get_triggerdef(t.oid) as definition from pg_trigger t
    where t.tgrelid = parent and not t.tgisinternal and t.tgtype & 1 = 0
    order by t.tgname
  loop
    execute replace(v_trigger.definition, format(' ON public.%I ', v_parent), format(' ON public.%I ', v_partition));
  end loop;
  execute format(
    'alter table %I attach partition %I for values from (%L) to (%L)', v_parent, v_partition,
    case when v_holds_days then month::text else to_char(month, 'YYYYMM') || '000000000' end,
    case when v_holds_days then (month + interval '1 month')::date::text else to_char(month + interval '1 month', 'YYYYMM') || '000000000' end
  );
  return v_partition;
end;
$$;
comment on function create_partition(regclass, date) is
  'Makes the partition of a table that holds a month, with the rules that each needs for itself; null where it is there.';
revoke execute on function create_partition(regclass, date) from public;

-- What the next weeks need; the others follow without this lock. Where this was undone and is done again, this month may be among
-- what stood.
select create_partition('orders', (date_trunc('month', now() at time zone 'UTC') + n * interval '1 month')::date)
from generate_series(0, 1) n
where (to_char(date_trunc('month', now() at time zone 'UTC') + n * interval '1 month', 'YYYYMM') || '000000000')::bigint
  > (select coalesce(max(o.id), 0) from orders_undated o);

-- All orders of a checkout are in its month. For that range of ids PostgreSQL would plan anew in each transaction, a millisecond; the plan
-- is the same for every month.
create or replace function tg_checkouts__check_parts() returns trigger language plpgsql volatile
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
  if new.total is distinct from (select sum(o.total) from orders o where o.checkout_id = new.id and is_of_checkout(o.id, new.id))
    or new.total is distinct from (select p.amount from payments p where p.checkout_id = new.id)
    or exists (
      select from orders o
      left join lateral (
        select sum(oi.quantity * oi.price_at_purchase) as cost from order_items oi
        where oi.order_id = o.id and is_of_checkout(oi.order_id, new.id)
      ) items on true
      where o.checkout_id = new.id and is_of_checkout(o.id, new.id) and o.subtotal is distinct from items.cost
    )
  then
    raise exception using errcode = 'SWSUM', message = format('The amounts of checkout %s do not add up.', new.id);
  end if;
  return null;
end;
$$;

-- A partition that is written to by its name is one of either table.
create or replace function tg_orders__refuse_late_parts() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  if starts_with(tg_table_name, 'orders') and exists (
    select from added a join checkouts c on c.id = (to_jsonb(a) ->> 'checkout_id')::bigint where c.created_at <> now()
  ) or starts_with(tg_table_name, 'order_items') and exists (
    select from added a join orders o on o.id = (to_jsonb(a) ->> 'order_id')::bigint where o.created_at <> now()
  ) then
    raise exception using errcode = 'SWAPP', message = format('%s cannot be added to a checkout that is made.', tg_table_name);
  end if;
  return null;
end;
$$;

-- The functions of the version before take and return rows of the old table: made anew, they take those of the new one, until
-- this version's functions are deployed. Those that only mention it are planned anew by themselves.
do $$
declare
  v_old record;
  v_grant record;
  v_new text;
begin
  for v_old in
    select p.oid, p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as definition,
      obj_description(p.oid, 'pg_proc') as comment, p.proacl
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and ('orders_undated'::regtype::oid = any (p.proargtypes::oid[]) or p.prorettype = 'orders_undated'::regtype or p.prosrc ~ '\morders;')
    order by p.oid
  loop
    v_new := replace(v_old.signature, 'orders_undated', 'orders');
    if v_old.signature like '%orders_undated%' or pg_get_function_result(v_old.oid) = 'orders_undated' then
      execute format('drop function %s', v_old.signature);
    end if;
    execute replace(v_old.definition, 'orders_undated', 'orders');
    execute format('comment on function %s is %L', v_new, v_old.comment);
    update deployed_functions df set signature = v_new where df.signature = v_old.signature;
    if v_old.proacl is not null then
      execute format('revoke all on function %s from public', v_new);
      for v_grant in select a.grantee from aclexplode(v_old.proacl) a where a.privilege_type = 'EXECUTE' loop
        execute format(
          'grant execute on function %s to %s', v_new,
          case v_grant.grantee when 0 then 'public' else v_grant.grantee::regrole::text end
        );
      end loop;
    end if;
  end loop;
end;
$$;

-- migrate:down
-- Every order goes into one table again: those of the months are copied. Checkouts and orders go on with the numbers of before.
set local lock_timeout = '500ms';
lock table checkouts, orders, order_items, order_events, refunds, reviews in access exclusive mode;
alter table reviews drop constraint reviews_order_id_fkey;
alter table refunds drop constraint refunds_order_id_fkey;
alter table order_events drop constraint order_events_order_id_fkey;
alter table order_items drop constraint order_items_order_id_fkey;
alter table orders detach partition orders_undated;
alter table orders rename to orders_of_months;
alter table orders_undated rename to orders;
alter table orders disable trigger orders__refuse_late_parts;
insert into orders select * from orders_of_months;
alter table orders enable trigger orders__refuse_late_parts;
do $$
declare
  v_old record;
  v_grant record;
  v_new text;
begin
  for v_old in
    select p.oid, p.oid::regprocedure::text as signature, pg_get_functiondef(p.oid) as definition,
      obj_description(p.oid, 'pg_proc') as comment, p.proacl
    from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and ('orders_of_months'::regtype::oid = any (p.proargtypes::oid[]) or p.prorettype = 'orders_of_months'::regtype or p.prosrc ~ '\morders;')
    order by p.oid
  loop
    v_new := replace(v_old.signature, 'orders_of_months', 'orders');
    if v_old.signature like '%orders_of_months%' or pg_get_function_result(v_old.oid) = 'orders_of_months' then
      execute format('drop function %s', v_old.signature);
    end if;
    execute replace(v_old.definition, 'orders_of_months', 'orders');
    execute format('comment on function %s is %L', v_new, v_old.comment);
    update deployed_functions df set signature = v_new where df.signature = v_old.signature;
    if v_old.proacl is not null then
      execute format('revoke all on function %s from public', v_new);
      for v_grant in select a.grantee from aclexplode(v_old.proacl) a where a.privilege_type = 'EXECUTE' loop
        execute format(
          'grant execute on function %s to %s', v_new,
          case v_grant.grantee when 0 then 'public' else v_grant.grantee::regrole::text end
        );
      end loop;
    end if;
  end loop;
end;
$$;
drop table orders_of_months;
alter index orders_undated_pkey rename to orders_pkey;
alter index orders_undated_checkout_id_shop_id_key rename to orders_checkout_id_shop_id_key;
alter index orders_undated_buyer_id_created_at_idx rename to orders_buyer_id_created_at_idx;
alter index orders_undated_shop_id_created_at_idx rename to orders_shop_id_created_at_idx;
alter index orders_undated_shop_id_status_created_at_idx rename to orders_shop_id_status_created_at_idx;
comment on table orders is 'What one shop sends to one buyer: a checkout leaves one order per shop.';
alter table checkouts alter id drop default;
drop sequence checkouts_id_seq;
alter table checkouts alter id add generated always as identity;
alter table orders alter id add generated always as identity;
do $$
begin
  perform setval('checkouts_id_seq', (select coalesce(max(c.id), 0) + 1 from checkouts c where c.id < 1000000000), false);
  perform setval('orders_id_seq', (select coalesce(max(o.id), 0) + 1 from orders o where o.id < 1000000000), false);
  execute format(
    'alter table orders add constraint orders_id_is_undated check (id < %s)',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders o)
  );
end;
$$;
create trigger orders__touch_updated_at before update on orders
  for each row execute function tg__touch_updated_at();
create trigger orders__refuse_change before update of checkout_id, buyer_id, shop_id, subtotal, shipping, total on orders
  for each row execute function tg__refuse_change();
alter table order_items add constraint order_items_order_id_fkey foreign key (order_id) references orders (id) on delete restrict;
alter table order_events add constraint order_events_order_id_fkey foreign key (order_id) references orders (id) on delete restrict;
alter table refunds add constraint refunds_order_id_fkey foreign key (order_id) references orders (id) on delete restrict;
alter table reviews add constraint reviews_order_id_fkey foreign key (order_id) references orders (id) on delete restrict;
create or replace function tg_checkouts__check_parts() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  if new.total is distinct from (select sum(o.total) from orders o where o.checkout_id = new.id)
    or new.total is distinct from (select p.amount from payments p where p.checkout_id = new.id)
    or exists (
      select from orders o
      left join lateral (
        select sum(oi.quantity * oi.price_at_purchase) as cost from order_items oi where oi.order_id = o.id
      ) items on true
      where o.checkout_id = new.id and o.subtotal is distinct from items.cost
    )
  then
    raise exception using errcode = 'SWSUM', message = format('The amounts of checkout %s do not add up.', new.id);
  end if;
  return null;
end;
$$;
create or replace function tg_orders__refuse_late_parts() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  if tg_table_name = 'orders' and exists (
    select from added a join checkouts c on c.id = (to_jsonb(a) ->> 'checkout_id')::bigint where c.created_at <> now()
  ) or tg_table_name = 'order_items' and exists (
    select from added a join orders o on o.id = (to_jsonb(a) ->> 'order_id')::bigint where o.created_at <> now()
  ) then
    raise exception using errcode = 'SWAPP', message = format('%s cannot be added to a checkout that is made.', tg_table_name);
  end if;
  return null;
end;
$$;
drop function create_partition(regclass, date);
drop function is_of_checkout(bigint, bigint);
drop function is_id_between(bigint, bigint, bigint);
drop function next_dated_id(regclass);
drop table dated_ids;
