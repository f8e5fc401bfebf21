-- The caller has locked the buyer, the product and the line `own` (null: the cart has no such line). variant: the variant of the
-- line, a null row without one. A live hold of one unit stays with the line, also if the line now has more units. quantity is a
-- bigint, because the sum of two integers can exceed an integer.
--
-- The function does not lock the shop: if a vacation begins now, the item is in the cart, and the checkout, which locks the shop,
-- refuses it. The line keeps the price and the shipping rates of the time when it was added, so that a checkout refuses a later
-- raise (check_cart): a buyer who adds again or changes the line may not have seen the raise.
-- Locks: the lines on the product, then the holds.
create or replace function put_cart_line(
  user_id bigint, product products, variant variants, own cart_items, quantity bigint, personalization text
)
returns table (line_id bigint, reserved_until timestamptz, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_stock_variant_id constant bigint := stock_variant(product, variant.id);
  v_stock constant integer := variant_stock(variant, product);
  v_other_units bigint := 0;
  v_shop shops;
  v_reason text;
begin
  -- Only these carts can have other lines of the same stock. Lines whose variant is gone take none of it, as in lines_to_order:
  -- archived ones, and lines without a variant beside lines with one.
  if own.id is not null or product.has_variants or product.personalization is not null then
    select coalesce(sum(ci.quantity), 0) into v_other_units
    from cart_items ci left join variants v on v.id = ci.variant_id
    where ci.user_id = put_cart_line.user_id and ci.product_id = product.id and ci.id is distinct from own.id
      and (v_stock_variant_id is null or ci.variant_id = v_stock_variant_id)
      and v.archived_at is null and (ci.variant_id is null) = (variant.id is null);
  end if;
  select s.* into v_shop from shops s where s.id = product.shop_id;
  -- hold_item checks the holds of other buyers.
  v_reason := unavailable_reason(product, variant, v_shop, user_id, quantity + v_other_units, 0, personalization);
  if v_reason is not null then
    perform refuse_line(jsonb_build_object(
      'unavailable_reason', v_reason, 'product_id', product.id, 'title', product.title, 'stock', v_stock,
      'shop_id', v_shop.id, 'shop_name', v_shop.name, 'vacation_message', v_shop.vacation_message
    ));
  end if;

  if v_stock = 1 and quantity = 1 then
    select h.reserved_until, h.is_new_hold into reserved_until, is_new_hold
    from hold_item(user_id, product, v_stock_variant_id, own) h;
  else
    perform check_cart_room(user_id, own, false);
    reserved_until := case when own.reserved_until > clock_timestamp() then own.reserved_until end;
    is_new_hold := false;
  end if;

  line_id := own.id;
  if line_id is null then
    insert into cart_items (
      user_id, product_id, variant_id, stock_variant_id, personalization, quantity, price_when_added, shipping_base_when_added,
      shipping_extra_when_added, rates_when_added, reserved_until
    )
    values (
      put_cart_line.user_id, product.id, variant.id, v_stock_variant_id, put_cart_line.personalization, put_cart_line.quantity,
      variant_price(variant, product),
      (v_shop.shipping ->> 'base')::numeric, (v_shop.shipping ->> 'per_extra_item')::numeric,
      rates_to_keep(product, v_shop), put_cart_line.reserved_until
    )
    returning id into line_id;
  else
    update cart_items ci
    set quantity = put_cart_line.quantity, reserved_until = put_cart_line.reserved_until, stock_variant_id = v_stock_variant_id
    where ci.id = own.id;
  end if;
  perform mark_lapses_seen(user_id, product.id, coalesce(v_stock_variant_id, 0));
  return next;
end;
$$;
comment on function put_cart_line(bigint, products, variants, cart_items, bigint, text) is
  'Sets the quantity of a cart line, and holds a one-of-a-kind item; reserved_until is null without a hold. SWOWI, SWVAC, '
  'SWSTK, SWRES, SWPER, SWFUL, SWCAP.';
