-- The caller has locked the buyer, the product and the line `own` (null: a new line). The line keeps the price and the shipping
-- rates of the time when it was added, so that a checkout refuses a later raise (check_cart): a buyer who adds again or
-- changes the line may not have seen the raise. Locks: the line, then the buyer's holds (mark_lapses_seen).
create or replace function write_cart_line(
  user_id bigint, product products, own cart_items, quantity bigint, reserved_until timestamptz
)
returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_line_id bigint := own.id;
begin
  if v_line_id is null then
    insert into cart_items
      (user_id, product_id, quantity, price_when_added, shipping_base_when_added, shipping_extra_when_added, reserved_until)
    select write_cart_line.user_id, product.id, write_cart_line.quantity, product.price,
      (s.shipping ->> 'base')::numeric, (s.shipping ->> 'per_extra_item')::numeric, write_cart_line.reserved_until
    from shops s where s.id = product.shop_id
    returning id into v_line_id;
  else
    update cart_items ci set quantity = write_cart_line.quantity, reserved_until = write_cart_line.reserved_until
    where ci.id = v_line_id;
  end if;
  perform mark_lapses_seen(write_cart_line.user_id, product.id);
  return v_line_id;
end;
$$;
comment on function write_cart_line(bigint, products, cart_items, bigint, timestamptz) is
  'Writes a new or changed cart line and returns its id. A new line stores the current price and shipping rates.';
