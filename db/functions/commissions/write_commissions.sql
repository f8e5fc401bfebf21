-- Later changes of the rates, of the listings and of their categories do not reach a sale. Nothing to do while no rate takes
-- anything, which is the default.
create or replace function write_commissions(order_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
  if not exists (select from commission_rates r where greatest(r.percent, r.fixed_per_unit, r.min) > 0) then
    return;
  end if;
  insert into order_commissions (
    order_id, rate_id, percent, fixed_per_unit, units, base, amount, tax_percent, tax, is_returned_on_refund
  )
  with lines as (
    select o.id as order_id, o.shop_id, o.shipping, o.discount, p.category_id, sum(oi.quantity) as units,
      sum(oi.quantity * oi.price_at_purchase) as paid
    from orders o
    -- The ids again: without them PostgreSQL can choose to read all items of the month.
    join order_items oi on oi.order_id = o.id and oi.order_id = any (order_ids) and is_in_month_of(oi.order_id, order_ids[1])
    join products p on p.id = oi.product_id
    where o.id = any (order_ids) and is_in_month_of(o.id, order_ids[1])
    group by o.id, o.shop_id, o.shipping, o.discount, p.category_id
  ),
  rated as (
    select l.order_id, l.shipping, l.discount, r as rate, sum(l.units) as units, sum(l.paid) as paid
    from lines l
    cross join lateral resolve_commission(l.shop_id, l.category_id) r
    group by l.order_id, l.shipping, l.discount, r
  ),
  based as (
    select d.order_id, d.rate, d.units,
      -- The discount and the postage of an order go with the lines of its first rate.
      greatest(0, d.paid + case
        when (d.rate).position = min((d.rate).position) over (partition by d.order_id)
          then case when (d.rate).on_shipping then d.shipping else 0 end - d.discount
        else 0
      end) as base
    from rated d
  ),
  kept as (
    select b.order_id, b.rate, b.units, b.base, least(b.base, greatest((b.rate).min, least(
      (b.rate).max, round(b.base * (b.rate).percent / 100 + b.units * (b.rate).fixed_per_unit, 2)
    ))) as amount
    from based b
  )
  select k.order_id, (k.rate).id, (k.rate).percent, (k.rate).fixed_per_unit, k.units, k.base, k.amount, (k.rate).tax_percent,
    least(k.base - k.amount, round(k.amount * (k.rate).tax_percent / 100, 2)), (k.rate).is_returned_on_refund
  from kept k
  where k.amount > 0
  order by k.order_id, (k.rate).id;
end;
$$;
comment on function write_commissions(bigint[]) is 'Freezes the commissions of the orders of a checkout that is paid now.';
