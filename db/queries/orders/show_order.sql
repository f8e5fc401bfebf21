-- An order, for its buyer or the owner of its shop. For other users there is no row.
-- $1 order_id, $2 user_id
select order_json(o, shows_address(o, $2)) as body
from orders o
where o.id = $1 and order_sides(o, $2) <> '{}'
