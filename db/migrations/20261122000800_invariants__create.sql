-- migrate:up
-- Rules that a CHECK cannot say because they span rows. They hold at commit, whoever writes.

-- A changed row says when: at the time of its transaction, which is also the time of the events it writes.
create function tg__touch_updated_at() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  new.updated_at := now();
  return new;
end;
$$;
comment on function tg__touch_updated_at() is 'Sets updated_at on every update.';

create trigger products__touch_updated_at before update on products
  for each row execute function tg__touch_updated_at();
create trigger checkouts__touch_updated_at before update on checkouts
  for each row execute function tg__touch_updated_at();
create trigger payments__touch_updated_at before update on payments
  for each row execute function tg__touch_updated_at();
create trigger orders__touch_updated_at before update on orders
  for each row execute function tg__touch_updated_at();
create trigger refunds__touch_updated_at before update on refunds
  for each row execute function tg__touch_updated_at();

-- History is written once.
create function tg__refuse_change() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  raise exception using errcode = 'SWAPP',
    message = case tg_level
      when 'STATEMENT' then format('%s is append-only: %s is refused.', tg_table_name, lower(tg_op))
      else format('The parties and amounts of %s never change.', tg_table_name)
    end;
end;
$$;
comment on function tg__refuse_change() is 'Refuses to change what is written once (SWAPP).';

create trigger order_events__refuse_change before update or delete or truncate on order_events
  for each statement execute function tg__refuse_change();
create trigger order_items__refuse_change before update or delete or truncate on order_items
  for each statement execute function tg__refuse_change();

-- A checkout is whole when it commits: it costs what its orders cost, an order costs what its items cost, and the payment
-- is for just that, to the cent. Checked once a checkout; what it is made of cannot change or grow afterwards (below).
create function tg_checkouts__check_parts() returns trigger language plpgsql volatile
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
comment on function tg_checkouts__check_parts() is
  'Refuses, at commit, a checkout whose items, orders and payment do not add up to its total (SWSUM).';

create constraint trigger checkouts__check_parts after insert on checkouts
  deferrable initially deferred for each row execute function tg_checkouts__check_parts();

-- The triggers name columns: they cost nothing where an update leaves the amounts alone.
create trigger checkouts__refuse_change before update of buyer_id, subtotal, shipping, total on checkouts
  for each row execute function tg__refuse_change();
create trigger payments__refuse_change before update of checkout_id, amount or delete on payments
  for each row execute function tg__refuse_change();
create trigger orders__refuse_change before update of checkout_id, buyer_id, shop_id, subtotal, shipping, total on orders
  for each row execute function tg__refuse_change();

-- Orders and items are born with their checkout, in its transaction, and never join it later.
create function tg_orders__refuse_late_parts() returns trigger language plpgsql volatile
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
comment on function tg_orders__refuse_late_parts() is 'Refuses orders and items that join a checkout after its transaction (SWAPP).';

create trigger orders__refuse_late_parts after insert on orders
  referencing new table as added for each statement execute function tg_orders__refuse_late_parts();
create trigger order_items__refuse_late_parts after insert on order_items
  referencing new table as added for each statement execute function tg_orders__refuse_late_parts();

-- migrate:down
drop trigger order_items__refuse_late_parts on order_items;
drop trigger orders__refuse_late_parts on orders;
drop function tg_orders__refuse_late_parts();
drop trigger orders__refuse_change on orders;
drop trigger payments__refuse_change on payments;
drop trigger checkouts__refuse_change on checkouts;
drop trigger checkouts__check_parts on checkouts;
drop function tg_checkouts__check_parts();
drop trigger order_items__refuse_change on order_items;
drop trigger order_events__refuse_change on order_events;
drop function tg__refuse_change();
drop trigger refunds__touch_updated_at on refunds;
drop trigger orders__touch_updated_at on orders;
drop trigger payments__touch_updated_at on payments;
drop trigger checkouts__touch_updated_at on checkouts;
drop trigger products__touch_updated_at on products;
drop function tg__touch_updated_at();
