-- The content of the seller's mail about a refund that failed.
-- $1 refund_id
select
  o.id as order_id,
  u.email as seller_email,
  s.name as shop_name,
  r.amount::text as amount,
  r.failure_reason
from refunds r
join orders o on o.id = r.order_id
join shops s on s.id = o.shop_id
join users u on u.id = s.owner_id
where r.id = $1 and r.status = 'failed'
