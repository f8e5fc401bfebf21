-- Adds to a cart. The first buyer who adds an item with stock 1 holds it for 15 minutes. Above stock 1, no new hold begins and
-- quantities add up: the units join the line of the same variant and the same personalization. If the cart has several such
-- lines, they join the held line, otherwise the oldest line. A hold takes a stock: that of the product, whichever its variant, or
-- that of the variant (products.stock_by).
--
-- Locks: the buyer, then the product, then the lines on it, then the holds. All callers for one product queue on its row, so that
-- each sees the results of the ones before. The checks are statements after the lock, because a statement's snapshot is older
-- than the lock that it waits for. When a new hold begins, the lapsed hold of another buyer ends (end_lapsed_holds). Adding again
-- extends no live hold, and begins no new one during the hold_pause.
--
-- is_new_hold: a hold begins with this call. Metrics count such holds.
--
-- Raises SWINV (quantity below 1, a personalization that the listing does not take), SWPER (a personalization is missing), SWVRQ
-- (no variant is chosen), SWVUN (no such variant), SWNTF (no such product), SWSTK (not enough in stock), SWRES (held by another
-- buyer; detail.reserved_until is the end of the hold), SWVAC (the shop is on vacation), SWOWI (the shop is the buyer's own),
-- SWFUL (the cart is full), SWCAP (too many live holds).
create or replace function reserve_item(
  user_id bigint, product_id bigint, quantity integer default 1, variant_id bigint default null, personalization text default null
)
returns table (success boolean, reserved_until timestamptz, is_new_hold boolean, line_id bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
  v_variant variants;
  v_own cart_items;
  v_is_held_already boolean;
begin
  if quantity is null or quantity < 1 then
    raise exception using errcode = 'SWINV', message = 'The quantity must be at least 1.', detail = '{"field": "quantity"}';
  end if;
  perform lock_buyer(user_id);
  v_product := lock_item(product_id);
  v_variant := chosen_variant(v_product, variant_id);
  perform check_personalization(v_product, personalization);
  select ci.* into v_own from cart_items ci
  where ci.user_id = reserve_item.user_id and ci.product_id = reserve_item.product_id
    and ci.variant_id is not distinct from reserve_item.variant_id
    and ci.personalization is not distinct from reserve_item.personalization
  order by ci.reserved_until is null, ci.id
  limit 1
  for update;
  v_is_held_already := variant_stock(v_variant, v_product) = 1 and v_own.quantity = 1 and reserve_item.quantity = 1;
  return query
    select true, line.reserved_until, line.is_new_hold, line.line_id
    from put_cart_line(
      reserve_item.user_id, v_product, v_variant, v_own,
      case when v_is_held_already then 1 else coalesce(v_own.quantity, 0)::bigint + reserve_item.quantity end,
      reserve_item.personalization
    ) line;
end;
$$;
comment on function reserve_item(bigint, bigint, integer, bigint, text) is
  'Adds units of a product, or of one of its variants, to a cart, and holds a one-of-a-kind item for 15 minutes in any 75. '
  'SWINV, SWPER, SWVRQ, SWVUN, SWNTF, SWSTK, SWRES, SWVAC, SWOWI, SWFUL, SWCAP.';
