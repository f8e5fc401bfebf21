-- The events of an order, oldest first, for its buyer or the owner of its shop.
-- $1 order_id, $2 user_id, $3 after: the cursor [id] of the page before, $4 limit
select
  json_build_object(
    'id', e.id, 'order_id', e.order_id, 'status', e.status, 'change', e.change, 'actor_id', e.actor_id,
    'detail', e.detail, 'created_at', to_rfc3339(e.created_at)
  ) as item,
  json_build_array(e.id) as cursor
from orders o
join order_events e on e.order_id = o.id
where o.id = $1 and order_sides(o, $2) <> '{}' and ($3::jsonb is null or e.id > ($3 ->> 0)::bigint)
order by e.id
limit $4
