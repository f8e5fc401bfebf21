-- Sets the quantity by the rules of reserve_item. is_new_hold has the meaning it has there.
-- Locks: the buyer, the product, the lines on it, the holds.
create or replace function change_cart_line(user_id bigint, line_id bigint, quantity integer)
returns table (body json, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
  v_variant variants;
  v_own cart_items;
  v_is_new_hold boolean;
begin
  perform lock_buyer(user_id);
  select ci.* into v_own from cart_items ci where ci.id = change_cart_line.line_id and ci.user_id = change_cart_line.user_id;
  if found then
    v_product := lock_item(v_own.product_id);
    select ci.* into v_own from cart_items ci where ci.id = change_cart_line.line_id for update;
  end if;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'This line is not in the cart.';
  end if;
  if v_own.variant_id is not null then
    select v.* into v_variant from variants v where v.id = v_own.variant_id;
  end if;
  select line.is_new_hold into v_is_new_hold
  from put_cart_line(
    change_cart_line.user_id, v_product, v_variant, v_own, change_cart_line.quantity, v_own.personalization
  ) line;
  return query select cart_json(change_cart_line.user_id), v_is_new_hold;
end;
$$;
comment on function change_cart_line(bigint, bigint, integer) is
  'Sets the quantity of a cart line and returns the cart. SWNTF, SWSTK, SWRES, SWVAC, SWOWI, SWPER, SWCAP.';
