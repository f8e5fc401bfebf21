-- The caller has locked the product. The function does not lock the shop: if a vacation begins now, the item is in the cart, and
-- the checkout, which locks the shop, refuses it. hold_item checks the holds of other buyers.
create or replace function check_item(user_id bigint, product products, wanted bigint) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_shop shops;
  v_reason text;
begin
  select s.* into v_shop from shops s where s.id = product.shop_id;
  v_reason := unavailable_reason(product, v_shop, user_id, wanted, 0);
  if v_reason is not null then
    perform refuse_line(jsonb_build_object(
      'unavailable_reason', v_reason, 'product_id', product.id, 'title', product.title, 'stock', product.quantity,
      'shop_id', v_shop.id, 'shop_name', v_shop.name, 'vacation_message', v_shop.vacation_message
    ));
  end if;
end;
$$;
comment on function check_item(bigint, products, bigint) is
  'Refuses to put this many units of a product into a cart: own shop, vacation, or more than the stock. SWOWI, SWVAC, SWSTK.';
