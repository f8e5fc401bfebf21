-- What somebody bought, newest first. $1 user_id, $2 status or null, $3 after: [id], $4 limit
select order_json(o) as item, json_build_array(o.id) as cursor
from orders o
where o.buyer_id = $1
  and ($2::text is null or o.status = $2)
  and ($3::jsonb is null or o.id < ($3 ->> 0)::bigint)
order by o.id desc
limit $4
