-- The stock equation by stock, initial = left + sold - restocked: units on hand, and units in orders that did not return to the
-- stock. A stock is that of a product (variant_id null), or that of a variant where each variant has its own (stock_by variant).
-- Units in orders count in the stock to which return_stock would return them now, not in the one that they were taken from: after
-- a change of stock_by these differ. So no sale, cancellation or refund changes the sum (`ever`). Only a seller changes it, who
-- sets a quantity or stock_by, or archives the last variant. Before a restore or a repair save the result, and compare it
-- afterwards: psql -f db/ops/stock_equation.sql > before.txt
-- Normal: no negative number, `held_live` at most `on_hand`, and `is_sum`: the quantity of the product is the sum of its variants
-- that are for sale. One snapshot, so it is exact while the shop sells.
with sold as (
  select oi.product_id, stock_variant(p, oi.variant_id) as stock_variant_id,
    sum(oi.quantity - coalesce(r.restocked, 0))::bigint as quantity
  from order_items oi
  join products p on p.id = oi.product_id
  join orders o on o.id = oi.order_id
  left join (
    select ri.order_id, ri.line_id, sum(ri.restocked) as restocked from refund_items ri group by ri.order_id, ri.line_id
  ) r on r.order_id = oi.order_id and r.line_id = oi.id
  -- The units of an order that was never paid are all on hand again.
  where not (o.status = 'cancelled' and o.ship_by is null)
  group by oi.product_id, stock_variant(p, oi.variant_id)
), held as (
  select ci.product_id, ci.stock_variant_id, count(*) as quantity
  from cart_items ci where ci.reserved_until > now() group by ci.product_id, ci.stock_variant_id
), stocks as (
  select p.id as product_id, null::bigint as variant_id, p.quantity, true as is_sum from products p where p.stock_by = 'product'
  union all
  select v.product_id, v.id, v.quantity,
    p.quantity = sum(v.quantity) filter (where v.archived_at is null) over (partition by v.product_id)
  from variants v join products p on p.id = v.product_id
  where p.stock_by = 'variant' and v.quantity is not null
)
select st.product_id, st.variant_id, st.quantity as on_hand, coalesce(s.quantity, 0) as in_orders,
  st.quantity + coalesce(s.quantity, 0) as ever, coalesce(h.quantity, 0) as held_live, st.is_sum
from stocks st
left join sold s on s.product_id = st.product_id and coalesce(s.stock_variant_id, 0) = coalesce(st.variant_id, 0)
left join held h on h.product_id = st.product_id and coalesce(h.stock_variant_id, 0) = coalesce(st.variant_id, 0)
order by st.product_id, st.variant_id;
