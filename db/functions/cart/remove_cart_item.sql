-- A missing line is no error. Locks: the line, then its hold (mark_lapses_seen).
create or replace function remove_cart_item(user_id bigint, product_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from cart_items ci
  where ci.id = find_cart_line(remove_cart_item.user_id, remove_cart_item.product_id) and ci.user_id = remove_cart_item.user_id;
  select mark_lapses_seen(remove_cart_item.user_id, remove_cart_item.product_id, null);
$$;
comment on function remove_cart_item(bigint, bigint) is 'Removes the only cart line of a product and ends its hold. SWAMB.';
