-- A checkout, for its buyer.
-- $1 checkout_id, $2 user_id
select checkout_json(c.id) as body
from checkouts c
where c.id = $1 and c.buyer_id = $2
