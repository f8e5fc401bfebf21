-- The stock equation by product, initial = left + sold - restocked: units on hand, and units in orders that did not return to the
-- stock. No sale, cancellation or refund changes their sum (`ever`); only a seller who sets the quantity does. Before a restore
-- or a repair save the result, and compare it afterwards: psql -f db/ops/stock_equation.sql > before.txt
-- Normal: no negative number, and `held_live` at most `on_hand`. One snapshot, so it is exact while the shop sells.
with sold as (
  select oi.product_id, sum(oi.quantity - coalesce(r.restocked, 0))::bigint as quantity
  from order_items oi
  join orders o on o.id = oi.order_id
  left join (
    select ri.order_id, ri.line_id, sum(ri.restocked) as restocked from refund_items ri group by ri.order_id, ri.line_id
  ) r on r.order_id = oi.order_id and r.line_id = oi.id
  -- The units of an order that was never paid are all on hand again.
  where not (o.status = 'cancelled' and o.ship_by is null)
  group by oi.product_id
), held as (
  select ci.product_id, count(*) as quantity from cart_items ci where ci.reserved_until > now() group by ci.product_id
)
select p.id as product_id, p.quantity as on_hand, coalesce(s.quantity, 0) as in_orders,
  p.quantity + coalesce(s.quantity, 0) as ever, coalesce(h.quantity, 0) as held_live
from products p
left join sold s on s.product_id = p.id
left join held h on h.product_id = p.id
order by p.id;
