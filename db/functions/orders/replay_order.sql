-- For auditors, and for the proof that the trail is whole. The function reads order_events alone. Its result equals order_json as
-- jsonb.
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
  )
  select placed.detail || jsonb_build_object(
    'status', latest.status,
    'tracking', (select e.detail from events e where e.status = 'shipped' order by e.id desc limit 1),
    'updated_at', to_rfc3339(latest.created_at)
  ) || jsonb_strip_nulls(jsonb_build_object(
    'ship_by', (select e.detail -> 'ship_by' from events e where e.status = 'paid'),
    'refunded', (select e.detail -> 'refunded' from events e where e.detail ? 'refunded' order by e.id desc limit 1)
  ))
  from placed, latest
$$;
comment on function replay_order(bigint) is 'Rebuilds an order from its events alone.';
