create or replace function receive_order(order_id bigint, user_id bigint) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders := lock_order(order_id, user_id, 'buyer');
begin
  perform check_move(v_order, 'delivered');
  perform move_order(v_order, 'delivered', user_id);
  return query select order_json(o) from orders o where o.id = v_order.id;
end;
$$;
comment on function receive_order(bigint, bigint) is
  'Says that a shipped order has arrived, for its buyer: it is delivered. SWNTF, SWOWN, '
  'SWSTA.';
