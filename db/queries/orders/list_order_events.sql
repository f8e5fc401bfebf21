-- The events of an order, oldest first, for its buyer or the owner of its shop.
-- $1 order_id, $2 user_id, $3 after: the cursor [id] of the page before, $4 limit
select
  json_build_object(
    'id', e.id, 'order_id', e.order_id, 'status', e.status, 'change', e.change, 'actor_id', e.actor_id,
    'detail', case when e.detail ? 'shipping_address' and not shows_address(o, $2)
      then e.detail || '{"shipping_address": null}' else e.detail end,
    'created_at', to_rfc3339(e.created_at)
  ) as item,
  json_build_array(e.id) as cursor
from orders o
join order_events e on e.order_id = o.id
where o.id = $1 and order_sides(o, $2) <> '{}' and ($3::jsonb is null or e.id > ($3 ->> 0)::bigint)
order by e.id
limit $4
