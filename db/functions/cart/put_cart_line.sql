-- The caller has locked the buyer and the product. Not for a one-of-a-kind item asked for once: that is hold_item.
-- quantity is a bigint, because two integers may add up to more than one.
create or replace function put_cart_line(user_id bigint, product products, quantity bigint) returns timestamptz
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if quantity > product.quantity then
    raise exception using errcode = 'SWSTK',
      message = case product.quantity when 0 then 'This item is sold out.' else format('Only %s left.', product.quantity) end,
      detail = json_build_object('success', false, 'product_id', product.id, 'available', product.quantity);
  end if;
  perform check_cart_room(put_cart_line.user_id, product.id, false);
  insert into cart_items as ci (user_id, product_id, quantity, price_when_added)
  values (put_cart_line.user_id, product.id, put_cart_line.quantity, product.price)
  on conflict on constraint cart_items_user_id_product_id_key do update
    set quantity = excluded.quantity, price_when_added = excluded.price_when_added, reserved_until = null;
  return null;
end;
$$;
comment on function put_cart_line(bigint, products, bigint) is
  'Sets how many of an item with stock above 1 a cart holds; answers null, the end of no hold. SWSTK: not enough in stock. SWFUL.';
