-- Sets the quantity of a line, by the rules of reserve_item, and answers the cart. Locks: the buyer, the product, the lines on it, the holds.
-- is_new_hold is that of reserve_item. Raises SWNTF (not in the cart), SWSTK, SWRES, SWVAC, SWOWI, SWCAP.
create or replace function change_cart_item(user_id bigint, product_id bigint, quantity integer)
returns table (body json, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
  v_own cart_items;
  v_is_new_hold boolean := false;
begin
  perform lock_buyer(user_id);
  v_product := lock_product(product_id);
  perform check_shop_sells(v_product.shop_id, user_id);
  select ci.* into v_own from cart_items ci
  where ci.user_id = change_cart_item.user_id and ci.product_id = change_cart_item.product_id
  for update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'This item is not in the cart.', detail = '{"field": "product_id"}';
  end if;
  if v_product.quantity = 1 and quantity = 1 then
    select h.is_new_hold into v_is_new_hold from hold_item(change_cart_item.user_id, v_product, v_own) h;
  else
    perform put_cart_line(change_cart_item.user_id, v_product, v_own, change_cart_item.quantity);
  end if;
  return query select cart_json(change_cart_item.user_id), v_is_new_hold;
end;
$$;
comment on function change_cart_item(bigint, bigint, integer) is 'Sets the quantity of a cart line. SWNTF, SWSTK, SWRES, SWVAC, SWOWI, SWCAP.';
