-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
-- Orders from before shipments and refund_items: one sent an order whole, and refunded and restocked it whole. The rows that such
-- an order lacks, and an event for each, so that replay_order finds them too. An order of this version has has_follow_ups.
select count(*) from (
  select from orders o
  where not o.has_follow_ups and (o.tracking is not null or exists (select from refunds r where r.order_id = o.id))
  order by o.id
  for no key update
) locked;
with lines as (
  select oi.order_id, sum(oi.quantity) as units,
    jsonb_agg(jsonb_build_object('line_id', oi.id, 'quantity', oi.quantity) order by oi.id) as items
  from order_items oi
  group by oi.order_id
), sent as (
  insert into shipments (order_id, carrier, tracking_number, created_at, updated_at)
  select o.id, o.tracking ->> 'carrier', o.tracking ->> 'tracking_number', shipped.at, shipped.at
  from orders o
  cross join lateral (
    select coalesce(min(e.created_at), o.created_at) as at from order_events e where e.order_id = o.id and e.status = 'shipped'
  ) shipped
  where not o.has_follow_ups and o.tracking is not null
  order by o.id
  returning *
), sent_items as (
  insert into shipment_items (shipment_id, order_id, line_id, quantity)
  select s.id, s.order_id, oi.id, oi.quantity from sent s join order_items oi on oi.order_id = s.order_id
), returned as (
  select r.*, o.status as order_status from refunds r join orders o on o.id = r.order_id where not o.has_follow_ups
), returned_items as (
  insert into refund_items (refund_id, order_id, line_id, quantity, restocked)
  select r.id, r.order_id, oi.id, oi.quantity, oi.quantity from returned r join order_items oi on oi.order_id = r.order_id
), follow_ups as (
  select s.order_id, o.status, 'shipment' as change, jsonb_build_object(
    'carrier', s.carrier, 'tracking_number', s.tracking_number,
    'shipment', jsonb_build_object(
      'id', s.id, 'order_id', s.order_id, 'carrier', s.carrier, 'tracking_number', s.tracking_number, 'items', l.items,
      'created_at', to_char(s.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'updated_at', to_char(s.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    )
  ) as detail
  from sent s join orders o on o.id = s.order_id join lines l on l.order_id = s.order_id
  union all
  select r.order_id, r.order_status, 'refund', jsonb_build_object('refund', jsonb_build_object(
    'id', r.id, 'order_id', r.order_id, 'amount', r.amount::text, 'status', r.status, 'reason', r.reason, 'note', r.note,
    'items', l.items, 'restocked', l.units,
    'created_at', to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  ))
  from returned r join lines l on l.order_id = r.order_id
), told as (
  insert into order_events (order_id, status, change, detail)
  select f.order_id, f.status, f.change, f.detail from follow_ups f order by f.order_id, f.change desc
  returning order_id
)
update orders o set has_follow_ups = true where o.id in (select t.order_id from told t);

-- migrate:down
-- The rows are true, and go with their tables.
select;
