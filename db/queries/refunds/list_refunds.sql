-- The refunds of an order, oldest first, for its buyer or the owner of its shop.
-- $1 order_id, $2 user_id, $3 after: the cursor [id] of the page before, $4 limit
select refund_json(r) as item, json_build_array(r.id) as cursor
from orders o
join refunds r on r.order_id = o.id
where o.id = $1 and order_sides(o, $2) <> '{}' and ($3::jsonb is null or r.id > ($3 ->> 0)::bigint)
order by r.id
limit $4
