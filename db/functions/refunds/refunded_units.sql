-- The status is looked up for each row: for a join the planner could read the whole table of refunds. No search_path: inlined.
create or replace function refunded_units(order_id bigint) returns table (
  line_id bigint, quantity integer, restocked integer, taken_over integer, status text
)
language sql stable
as $$
  select ri.line_id, ri.quantity, ri.restocked, ri.taken_over, (select r.status from refunds r where r.id = ri.refund_id)
  from refund_items ri
  where ri.order_id = refunded_units.order_id
$$;
comment on function refunded_units(bigint) is
  'Returns the units of an order that refunds are for, with the status of each refund.';
