-- The caller has locked the buyer, the product, whose stock is 1, and the buyer's own line, if any.
create or replace function hold_item(user_id bigint, product products, own cart_items) returns timestamptz
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  -- The database's clock, read after the wait for the lock: a hold that lapsed meanwhile has lapsed.
  v_now constant timestamptz := clock_timestamp();
  v_held_until timestamptz;
begin
  if own.reserved_until > v_now then
    return own.reserved_until;
  end if;
  select ci.reserved_until into v_held_until from cart_items ci
  where ci.product_id = product.id and ci.user_id <> hold_item.user_id and ci.reserved_until is not null
  for update;
  if v_held_until > v_now then
    raise exception using errcode = 'SWRES', message = 'Someone else is checking out...',
      detail = json_build_object('success', false, 'product_id', product.id, 'reserved_until', to_rfc3339(v_held_until));
  end if;
  perform check_cart_room(hold_item.user_id, product.id, true);
  delete from cart_items ci
  where ci.product_id = product.id and ci.user_id <> hold_item.user_id and ci.reserved_until is not null;
  insert into cart_items as ci (user_id, product_id, quantity, price_when_added, reserved_until)
  values (hold_item.user_id, product.id, 1, product.price, v_now + interval '15 minutes')
  on conflict on constraint cart_items_user_id_product_id_key do update
    set quantity = 1, price_when_added = excluded.price_when_added, reserved_until = excluded.reserved_until
  returning ci.reserved_until into v_held_until;
  return v_held_until;
end;
$$;
comment on function hold_item(bigint, products, cart_items) is
  'Holds a one-of-a-kind item for 15 minutes, or keeps the buyer''s live hold. SWRES: another buyer holds it. SWFUL, SWCAP.';
