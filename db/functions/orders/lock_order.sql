-- side: the side that can do this: buyer, seller, or either. The other side gets SWOWN. Anyone else gets SWNTF.
create or replace function lock_order(order_id bigint, user_id bigint, side text) returns orders
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders;
  v_sides text[];
begin
  select o.* into v_order from orders o where o.id = lock_order.order_id for update;
  v_sides := order_sides(v_order, lock_order.user_id);
  if v_sides = '{}' then
    raise exception using errcode = 'SWNTF', message = 'There is no such order.';
  elsif side <> 'either' and side <> all (v_sides) then
    raise exception using errcode = 'SWOWN', message = format('Only the %s of this order may do this.', side);
  end if;
  return v_order;
end;
$$;
comment on function lock_order(bigint, bigint, text) is
  'Locks an order for a side that can change it, and returns its row. SWNTF, SWOWN.';
