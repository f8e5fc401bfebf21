-- The step "lock" of checkout_split_orders. Two carts with the same items wait for each other and do not deadlock, because both
-- lock in this order. A single UPDATE of many rows would lock in the order of its plan.
create or replace function lock_cart(buyer_id bigint) returns bigint[]
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product_ids bigint[];
  v_line_ids bigint[];
begin
  select array_agg(locked.id) into v_product_ids
  from (
    select p.id from products p
    where p.id in (select ci.product_id from cart_items ci where ci.user_id = lock_cart.buyer_id)
    order by p.id
    for no key update
  ) locked;
  select array_agg(locked.id) into v_line_ids
  from (
    select ci.id from cart_items ci
    where ci.user_id = lock_cart.buyer_id and ci.product_id = any (v_product_ids)
    order by ci.product_id, ci.id
    for update
  ) locked;
  if v_line_ids is null then
    raise exception using errcode = 'SWCRT', message = 'The cart is empty.';
  end if;
  perform from shops s
  where s.id in (select p.shop_id from products p where p.id = any (v_product_ids))
  order by s.id
  for no key update;
  return v_line_ids;
end;
$$;
comment on function lock_cart(bigint) is
  'Locks the products of a cart by id, its lines, and their shops by id. Returns the ids of the locked lines. SWCRT: the cart '
  'is empty.';
