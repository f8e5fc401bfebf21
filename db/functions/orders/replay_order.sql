-- For auditors and for the proof that the trail is whole: no table but order_events is read. Equal, as jsonb, to order_json.
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
    'id', placed.order_id,
    'status', latest.status,
    'tracking', (select e.detail from events e where e.status = 'shipped' order by e.id desc limit 1),
    'created_at', to_rfc3339(placed.created_at),
    'updated_at', to_rfc3339(latest.created_at)
  )
  from placed, latest
$$;
comment on function replay_order(bigint) is 'An order rebuilt from its audit trail alone.';
