-- The caller has locked the buyer and the product. What a line notes of price and shipping stays as it was when the line was added: a
-- checkout refuses a later rise (check_cart), and adding again or changing the line takes no rise as accepted, because its answer
-- need not be shown to the buyer. Locks: the line, then the buyer's holds (see_lapses).
create or replace function write_cart_line(user_id bigint, product products, quantity bigint, reserved_until timestamptz) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  insert into cart_items as ci
    (user_id, product_id, quantity, price_when_added, shipping_base_when_added, shipping_extra_when_added, reserved_until)
  select write_cart_line.user_id, product.id, write_cart_line.quantity, product.price,
    (s.shipping ->> 'base')::numeric, (s.shipping ->> 'per_extra_item')::numeric, write_cart_line.reserved_until
  from shops s where s.id = product.shop_id
  on conflict on constraint cart_items_user_id_product_id_key do update
    set quantity = excluded.quantity, reserved_until = excluded.reserved_until,
      price_when_added = coalesce(ci.price_when_added, excluded.price_when_added),
      shipping_base_when_added = coalesce(ci.shipping_base_when_added, excluded.shipping_base_when_added),
      shipping_extra_when_added = coalesce(ci.shipping_extra_when_added, excluded.shipping_extra_when_added);
  perform see_lapses(write_cart_line.user_id, product.id);
end;
$$;
comment on function write_cart_line(bigint, products, bigint, timestamptz) is
  'Writes a line of a cart as it is from now on; a new line notes the price and the shipping of now.';
