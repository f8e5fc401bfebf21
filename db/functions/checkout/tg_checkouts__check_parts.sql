-- A checkout is whole when it commits: its amounts are the sums of its orders, the subtotal of an order is the sum of its items,
-- and the payment is for the total, to the cent. Once is enough, because its parts can neither change (tg__refuse_change) nor
-- grow (tg__refuse_late_parts) later. All orders of a checkout are in its month. For that range of ids PostgreSQL would
-- plan in each transaction, which takes a millisecond; the generic plan is the same for every month.
create or replace function tg_checkouts__check_parts() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_is_whole boolean;
begin
  select (sum(o.subtotal), sum(o.discount), sum(o.shipping), sum(o.tax), sum(o.total))
      is not distinct from (new.subtotal, new.discount, new.shipping, new.tax, new.total)
    and bool_and(o.subtotal is not distinct from items.cost)
  into v_is_whole
  from orders o
  left join lateral (
    select sum(oi.quantity * oi.price_at_purchase) as cost from order_items oi
    where oi.order_id = o.id and is_in_month_of(oi.order_id, new.id)
  ) items on true
  where o.checkout_id = new.id and is_in_month_of(o.id, new.id);
  if v_is_whole is not true or new.total is distinct from (select p.amount from payments p where p.checkout_id = new.id)
  then
    raise exception using errcode = 'SWSUM', message = format('The amounts of checkout %s do not add up.', new.id);
  end if;
  return null;
end;
$$;
comment on function tg_checkouts__check_parts() is
  'Refuses, at commit, a checkout whose items, orders and payment do not add up to its amounts (SWSUM).';

create constraint trigger checkouts__check_parts after insert on checkouts
  deferrable initially deferred for each row execute function tg_checkouts__check_parts();
