-- side: the side that says so, buyer or seller.
create or replace function arrive_order(order_id bigint, user_id bigint, side text) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders := lock_order(order_id, user_id, side);
begin
  perform check_move(v_order, 'delivered');
  perform move_order(v_order, 'delivered', user_id);
  return query select order_json(o) from orders o where o.id = v_order.id;
end;
$$;
comment on function arrive_order(bigint, bigint, text) is
  'Makes a shipped order delivered, for one of its sides (deliver_order, receive_order). SWNTF, SWOWN, SWSTA.';
