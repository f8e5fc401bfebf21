-- The step "lock" of split_cart. Two carts with the same items wait for each other and do not deadlock, because both
-- lock in this order. A single UPDATE of many rows would lock in the order of its plan.
create or replace function lock_cart(buyer_id bigint) returns bigint[]
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product_ids constant bigint[] := array(
    select p.id from products p
    where p.id in (select ci.product_id from cart_items ci where ci.user_id = lock_cart.buyer_id)
    order by p.id
    for no key update
  );
  v_line_ids constant bigint[] := array(
    select ci.id from cart_items ci
    where ci.user_id = lock_cart.buyer_id and ci.product_id = any (v_product_ids)
    order by ci.product_id, ci.id
    for update
  );
begin
  if v_line_ids = '{}' then
    raise exception using errcode = 'SWCRT', message = 'The cart is empty.';
  end if;
  perform from shops s
  where s.id = any (array(select p.shop_id from products p where p.id = any (v_product_ids)))
  order by s.id
  for no key update;
  return v_line_ids;
end;
$$;
comment on function lock_cart(bigint) is
  'Locks the products of a cart by id, its lines, and their shops by id. Returns the ids of the locked lines. SWCRT: the cart '
  'is empty.';
