create or replace function deliver_order(order_id bigint, user_id bigint) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return query select a.body from arrive_order(order_id, user_id, 'seller') a;
end;
$$;
comment on function deliver_order(bigint, bigint) is 'Marks a shipped order as delivered, for its seller. SWNTF, SWOWN, SWSTA.';
