-- The caller has locked the buyer, the product, whose stock is 1, and the buyer's own line, if any.
-- An account holds an item for 15 minutes in any 75, whether or not it takes the item out meanwhile: otherwise one buyer could
-- keep an item from all others. Within the 15 minutes the line gets the rest of them, after them it is in the cart unheld.
create or replace function hold_item(user_id bigint, product products, own cart_items)
returns table (reserved_until timestamptz, is_new_hold boolean)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_hold constant interval := '15 minutes';
  v_pause constant interval := '60 minutes';
  -- The database's clock, read after the wait for the lock: a hold that lapsed meanwhile has lapsed.
  v_now constant timestamptz := clock_timestamp();
  v_other cart_items;
  v_last_until timestamptz;
begin
  if own.reserved_until > v_now then
    perform write_cart_line(hold_item.user_id, product, 1, own.reserved_until);
    return query select own.reserved_until, false;
    return;
  end if;
  select ci.* into v_other from cart_items ci
  where ci.product_id = product.id and ci.user_id <> hold_item.user_id and ci.reserved_until is not null
  for update;
  if v_other.reserved_until > v_now then
    raise exception using errcode = 'SWRES', message = 'Someone else is checking out...',
      detail = json_build_object('success', false, 'product_id', product.id, 'reserved_until', to_rfc3339(v_other.reserved_until));
  end if;
  select h.held_until into v_last_until from holds h where h.user_id = hold_item.user_id and h.product_id = product.id;
  v_last_until := coalesce(own.reserved_until, v_last_until);
  is_new_hold := v_last_until is null or v_last_until + v_pause <= v_now;
  reserved_until := case when is_new_hold then v_now + v_hold when v_last_until > v_now then v_last_until end;
  perform check_cart_room(hold_item.user_id, product.id, reserved_until is not null);
  if reserved_until is not null and v_other.id is not null then
    perform end_lapsed_holds(array[v_other.id]);
  end if;
  perform write_cart_line(hold_item.user_id, product, 1, reserved_until);
  insert into holds as h (user_id, product_id, held_until)
  values (hold_item.user_id, product.id, coalesce(hold_item.reserved_until, v_last_until))
  on conflict on constraint holds_pkey do update set held_until = excluded.held_until;
  return next;
end;
$$;
comment on function hold_item(bigint, products, cart_items) is
  'Holds a one-of-a-kind item for 15 minutes in any 75, or keeps the buyer''s live hold; reserved_until is null where the line is in the cart unheld. SWRES: another buyer holds it. SWFUL, SWCAP.';
