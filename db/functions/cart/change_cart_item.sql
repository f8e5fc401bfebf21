create or replace function change_cart_item(user_id bigint, product_id bigint, quantity integer)
returns table (body json, is_new_hold boolean)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select changed.body, changed.is_new_hold
  from change_cart_line(
    change_cart_item.user_id, find_cart_line(change_cart_item.user_id, change_cart_item.product_id), change_cart_item.quantity
  ) changed
$$;
comment on function change_cart_item(bigint, bigint, integer) is
  'Sets the quantity of the only cart line of a product, see change_cart_line. SWAMB, SWNTF, SWSTK, SWRES, SWVAC, SWOWI, SWCAP.';
