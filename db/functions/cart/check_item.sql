-- The caller has locked the product. The function does not lock the shop: if a vacation begins now, the item is in the cart, and
-- the checkout, which locks the shop, refuses it. hold_item checks the holds of other buyers.
create or replace function check_item(user_id bigint, product products, wanted bigint) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_line jsonb;
begin
  select jsonb_build_object(
    'unavailable_reason', unavailable_reason(product, s, check_item.user_id, check_item.wanted, 0),
    'product_id', product.id, 'title', product.title, 'stock', product.quantity,
    'shop_id', s.id, 'shop_name', s.name, 'vacation_message', s.vacation_message
  )
  into v_line
  from shops s where s.id = product.shop_id;
  if v_line ->> 'unavailable_reason' is not null then
    perform refuse_line(v_line);
  end if;
end;
$$;
comment on function check_item(bigint, products, bigint) is
  'Refuses to put this many units of a product into a cart: own shop, vacation, or more than the stock. SWOWI, SWVAC, SWSTK.';
