-- The caller has locked the buyer, the product and the buyer's own line, if any. Not for a one-of-a-kind item asked for once:
-- that is hold_item. A live hold of one unit stays with the line, however many units it has from now on.
-- quantity is a bigint, because two integers may add up to more than one.
create or replace function put_cart_line(user_id bigint, product products, own cart_items, quantity bigint) returns timestamptz
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_held_until constant timestamptz := case when own.reserved_until > clock_timestamp() then own.reserved_until end;
begin
  if quantity > product.quantity then
    raise exception using errcode = 'SWSTK',
      message = case product.quantity when 0 then 'This item is sold out.' else format('Only %s left.', product.quantity) end,
      detail = json_build_object('success', false, 'product_id', product.id, 'available', product.quantity);
  end if;
  perform check_cart_room(put_cart_line.user_id, product.id, false);
  perform write_cart_line(put_cart_line.user_id, product, put_cart_line.quantity, v_held_until);
  return v_held_until;
end;
$$;
comment on function put_cart_line(bigint, products, cart_items, bigint) is
  'Sets how many of an item with stock above 1 a cart has; returns the end of the hold that the line keeps, or null. SWSTK: not enough in stock. SWFUL.';
