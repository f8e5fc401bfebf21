-- What stock is made of, product by product: on hand, and in orders that are neither cancelled nor refunded.
-- Their sum (`ever`) is what no sale, cancellation or refund ever changes: only a seller who sets the quantity does. So keep this
-- answer before a restore or a repair, ask again after it, and compare: psql -f db/ops/stock_equation.sql > before.txt
-- Normal: nothing below zero, and `held_live` is at most `on_hand`. One snapshot: true while the shop sells on.
with sold as (
  select oi.product_id, sum(oi.quantity) as quantity
  from order_items oi
  join orders o on o.id = oi.order_id
  where o.status not in ('cancelled', 'refunded')
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
