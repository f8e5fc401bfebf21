create or replace function receive_order(order_id bigint, user_id bigint) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return query select a.body from arrive_order(order_id, user_id, 'buyer') a;
end;
$$;
comment on function receive_order(bigint, bigint) is
  'Says that a shipped order has arrived, for its buyer: it is delivered. SWNTF, SWOWN, SWSTA.';
