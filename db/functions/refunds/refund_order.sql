-- Returns the order, and its total if its status has changed: a cancelled order stays cancelled.
create or replace function refund_order(order_id bigint, user_id bigint, traceparent text default null)
returns table (body json, order_status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  select r.order_status, r.moved_totals into order_status, moved_totals
  from refund_part(order_id, user_id, null, null, null, null, 'other', null, traceparent) r;
  select order_json(o) into body from orders o where o.id = refund_order.order_id;
  return next;
end;
$$;
comment on function refund_order(bigint, bigint, text) is
  'Refunds all that is left of a paid, shipped or delivered order, for its seller. SWNTF, SWOWN, SWSTA, SWDSP.';
