-- The content of the sellers' mails about orders, one row an order.
-- $1 order_ids
select
  o.id as order_id,
  u.email as seller_email,
  s.name as shop_name,
  o.total::text as total,
  count(*) as item_count,
  string_agg(format('%s x %s at $%s', oi.quantity, oi.title, oi.price_at_purchase), E'\n' order by oi.id) as items
from orders o
join shops s on s.id = o.shop_id
join users u on u.id = s.owner_id
join order_items oi on oi.order_id = o.id
where o.id = any ($1)
group by o.id, s.id, u.id
order by o.id
