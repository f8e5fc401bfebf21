-- The caller has locked the order. It has checked the move (check_move), or derived new_status from what is left of the order.
-- With `change` the status can stay as it is.
create or replace function move_order(
  o orders, new_status text, actor_id bigint, detail jsonb default '{}', change text default null
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update orders set status = new_status, has_follow_ups = orders.has_follow_ups or move_order.change is not null
  where orders.id = o.id;
  insert into order_events (order_id, status, actor_id, detail, change)
  values (o.id, new_status, move_order.actor_id, move_order.detail, move_order.change);
end;
$$;
comment on function move_order(orders, text, bigint, jsonb, text) is
  'Moves a locked order to another status, or notes a change of its refunds, shipments or disputes, and writes the event.';
