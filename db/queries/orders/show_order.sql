-- An order, for its buyer or the owner of its shop. For other users there is no row.
-- $1 order_id, $2 user_id
select order_json(o) as body
from orders o
join shops s on s.id = o.shop_id
where o.id = $1 and $2 in (o.buyer_id, s.owner_id)
