create or replace function refund_order(order_id bigint, user_id bigint, traceparent text default null) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform refund_part(order_id, user_id, null, null, null, null, 'other', null, traceparent);
  return query select order_json(o) from orders o where o.id = refund_order.order_id;
end;
$$;
comment on function refund_order(bigint, bigint, text) is
  'Refunds all that is left of a paid, shipped or delivered order, for its seller. SWNTF, SWOWN, SWSTA, SWDSP.';
