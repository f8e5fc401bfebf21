-- For auditors, and for the proof that the trail is whole. The function reads order_events alone. Its result equals order_facts.
create or replace function replay_order(order_id bigint) returns jsonb
language sql stable
set search_path = public, pg_temp
as $$
  with events as (
    select e.* from order_events e where e.order_id = replay_order.order_id
  ),
  placed as (
    select e.* from events e order by e.id limit 1
  ),
  latest as (
    select e.* from events e order by e.id desc limit 1
  ),
  -- The last state of each refund, shipment and dispute.
  parts as (
    select distinct on (kind, id) kind, (e.detail -> kind ->> 'id')::bigint as id, e.detail -> kind as part
    from events e cross join unnest(array['refund', 'shipment', 'dispute']) kind
    where e.detail ? kind
    order by kind, id, e.id desc
  )
  -- The first event lacks these where they are so.
  select '{
    "is_made_to_order": false, "ship_by": null, "late_since": null, "refunded": "0.00", "shipping_method": null, "delivery": null
  }' || placed.detail || jsonb_build_object(
    'status', latest.status,
    'refunds', coalesce((select jsonb_agg(p.part order by p.id) from parts p where p.kind = 'refund'), '[]'),
    'shipments', coalesce((select jsonb_agg(p.part order by p.id) from parts p where p.kind = 'shipment'), '[]'),
    'disputes', coalesce((select jsonb_agg(p.part order by p.id) from parts p where p.kind = 'dispute'), '[]'),
    'buyer_id', (select e.detail -> 'buyer_id' from events e where e.detail ? 'buyer_id' order by e.id desc limit 1),
    'updated_at', to_rfc3339(latest.created_at)
  ) || jsonb_strip_nulls(jsonb_build_object(
    'ship_by', (select e.detail -> 'ship_by' from events e where e.detail ? 'ship_by' and e.status = 'paid'),
    'late_since', (select e.detail -> 'late_since' from events e where e.change = 'late' order by e.id desc limit 1),
    'refunded', (select e.detail -> 'refunded' from events e where e.detail ? 'refunded' order by e.id desc limit 1)
  ))
  from placed, latest
$$;
comment on function replay_order(bigint) is 'Rebuilds an order (order_facts) from its events alone.';
