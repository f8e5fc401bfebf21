-- The caller has locked the buyer, the product and the line `own` (null: the cart has no line of the product). A live hold of one unit stays with the
-- line, also if the line now has more units. quantity is a bigint, because the sum of two integers can exceed an integer.
create or replace function put_cart_line(user_id bigint, product products, own cart_items, quantity bigint)
returns table (line_id bigint, reserved_until timestamptz, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_other_units bigint := 0;
begin
  if own.id is not null then
    select coalesce(sum(ci.quantity), 0) into v_other_units from cart_items ci
    where ci.user_id = put_cart_line.user_id and ci.product_id = product.id and ci.id <> own.id;
  end if;
  perform check_item(put_cart_line.user_id, product, put_cart_line.quantity + v_other_units);
  if product.quantity = 1 and quantity = 1 then
    select h.* into line_id, reserved_until, is_new_hold from hold_item(put_cart_line.user_id, product, own) h;
  else
    perform check_cart_room(put_cart_line.user_id, own, false);
    reserved_until := case when own.reserved_until > clock_timestamp() then own.reserved_until end;
    line_id := write_cart_line(put_cart_line.user_id, product, own, put_cart_line.quantity, reserved_until);
    is_new_hold := false;
  end if;
  return next;
end;
$$;
comment on function put_cart_line(bigint, products, cart_items, bigint) is
  'Sets the quantity of a cart line, and holds a one-of-a-kind item; reserved_until is null without a hold. SWOWI, SWVAC, '
  'SWSTK, SWRES, SWFUL, SWCAP.';
