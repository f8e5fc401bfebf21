-- side: the party that can do this: buyer, seller, or either. The other party gets SWOWN. Anyone else gets SWNTF.
create or replace function lock_order(order_id bigint, user_id bigint, side text) returns orders
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders;
  v_is_seller boolean;
begin
  select o.* into v_order from orders o where o.id = lock_order.order_id for update;
  v_is_seller := exists (select from shops s where s.id = v_order.shop_id and s.owner_id = lock_order.user_id);
  if v_order.id is null or not (v_is_seller or v_order.buyer_id = lock_order.user_id) then
    raise exception using errcode = 'SWNTF', message = 'There is no such order.';
  elsif (side = 'seller' and not v_is_seller) or (side = 'buyer' and v_order.buyer_id <> lock_order.user_id) then
    raise exception using errcode = 'SWOWN', message = format('Only the %s of this order may do this.', side);
  end if;
  return v_order;
end;
$$;
comment on function lock_order(bigint, bigint, text) is
  'Locks an order for a party that can change it, and returns its row. SWNTF, SWOWN.';
