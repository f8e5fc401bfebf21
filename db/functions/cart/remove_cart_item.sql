-- Taking the line away ends its hold at once. Removing what is not there is no error: the cart is as asked.
-- The lock of the line comes before those of the holds.
create or replace function remove_cart_item(user_id bigint, product_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from cart_items ci
  where ci.user_id = remove_cart_item.user_id and ci.product_id = remove_cart_item.product_id;
  select see_lapses(remove_cart_item.user_id, remove_cart_item.product_id);
$$;
comment on function remove_cart_item(bigint, bigint) is 'Takes an item out of a cart and lets go of its hold.';
