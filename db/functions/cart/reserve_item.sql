-- Adds to a cart. An item with stock 1 is held for 15 minutes for whoever put it in the cart first; above stock 1 nothing
-- new is held and quantities add up.
--
-- Locks: the buyer, then the product, then the lines on it, then the holds. Every caller for one product queues on its row, so that each
-- sees what the one before did; the checks are statements after the lock, because a statement's snapshot is older than the lock it waits for.
-- Where a new hold begins, the lapsed hold of another buyer ends, as expire_reservations would end it a little later (end_lapsed_holds).
-- Adding again never stretches a live hold, and begins no new one until 60 minutes after the last one ended (hold_item).
--
-- is_new_hold tells a hold that begins now from one that this buyer has already: metrics count those.
--
-- Raises SWINV (quantity below 1), SWNTF (no such product), SWSTK (not enough in stock), SWRES (held by another buyer;
-- detail.reserved_until says until when), SWVAC (the shop is on vacation), SWOWI (the shop is the buyer's own), SWFUL (the cart is full),
-- SWCAP (too many live holds).
create or replace function reserve_item(user_id bigint, product_id bigint, quantity integer default 1)
returns table (success boolean, reserved_until timestamptz, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
  v_own cart_items;
begin
  if quantity is null or quantity < 1 then
    raise exception using errcode = 'SWINV', message = 'The quantity must be at least 1.', detail = '{"field": "quantity"}';
  end if;
  perform lock_buyer(user_id);
  v_product := lock_product(product_id);
  perform check_shop_sells(v_product.shop_id, user_id);
  select ci.* into v_own from cart_items ci
  where ci.user_id = reserve_item.user_id and ci.product_id = reserve_item.product_id
  for update;
  if v_product.quantity = 1 and quantity = 1 and coalesce(v_own.quantity, 1) = 1 then
    return query select true, h.reserved_until, h.is_new_hold from hold_item(reserve_item.user_id, v_product, v_own) h;
  else
    return query select true, put_cart_line(reserve_item.user_id, v_product, v_own, coalesce(v_own.quantity, 0)::bigint + quantity), false;
  end if;
end;
$$;
comment on function reserve_item(bigint, bigint, integer) is
  'The whole add-to-cart rule: merges quantities, and holds a one-of-a-kind item for 15 minutes in any 75. SWINV, SWNTF, SWSTK, SWRES, SWVAC, SWOWI, SWFUL, SWCAP.';
