-- The caller has locked the buyer, the product, whose stock is 1, and the line `own` (null: a new line). With stock_variant_id it
-- is the variant whose stock is 1. An account holds an item for 15 minutes, and again after the hold_pause, whether or not it
-- removes the item meanwhile. During the 15 minutes the line gets the rest of them; during the pause it is in the cart unheld.
-- put_cart_line then writes the line.
create or replace function hold_item(user_id bigint, product products, stock_variant_id bigint, own cart_items)
returns table (reserved_until timestamptz, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_hold constant interval := '15 minutes';
  v_stock constant bigint := coalesce(hold_item.stock_variant_id, 0);
  -- Read after the wait for the lock, because holds can lapse during the wait.
  v_now constant timestamptz := clock_timestamp();
  v_other cart_items;
  v_last_until timestamptz;
begin
  select ci.* into v_other from cart_items ci
  where ci.product_id = product.id and coalesce(ci.stock_variant_id, 0) = v_stock and ci.id is distinct from own.id
    and ci.reserved_until is not null
  for update;
  if v_other.user_id = hold_item.user_id then
    -- The buyer holds the stock by a line that can no longer be ordered: its variant is gone.
    update cart_items ci set reserved_until = null where ci.id = v_other.id;
    v_other := null;
  elsif v_other.reserved_until > v_now then
    perform refuse_line(jsonb_build_object(
      'unavailable_reason', 'item_reserved', 'product_id', product.id, 'held_until', v_other.reserved_until
    ));
  end if;
  select h.held_until into v_last_until from holds h
  where h.user_id = hold_item.user_id and h.product_id = product.id and h.stock_variant_id = v_stock;
  v_last_until := coalesce(own.reserved_until, v_last_until);
  is_new_hold := v_last_until is null or v_last_until + hold_pause() <= v_now;
  reserved_until := case when is_new_hold then v_now + v_hold when v_last_until > v_now then v_last_until end;
  perform check_cart_room(hold_item.user_id, own, reserved_until is not null and not coalesce(own.reserved_until > v_now, false));
  if reserved_until is not null and v_other.id is not null then
    perform end_lapsed_holds(array[v_other.id]);
  end if;
  insert into holds as h (user_id, product_id, stock_variant_id, held_until)
  values (hold_item.user_id, product.id, v_stock, coalesce(hold_item.reserved_until, v_last_until))
  on conflict on constraint holds_pkey do update set held_until = excluded.held_until;
  return next;
end;
$$;
comment on function hold_item(bigint, products, bigint, cart_items) is
  'Holds a one-of-a-kind item for 15 minutes in any 75, or keeps the buyer''s live hold; reserved_until is null where the line '
  'will be in the cart unheld. SWRES: another buyer holds it. SWFUL, SWCAP.';
