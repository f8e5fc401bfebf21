-- All of a cart that may be remembered. What an item costs, how many there are and who holds it is not among it: cart_page
-- reads that when it is shown.
create or replace function cart_lines(user_id bigint) returns jsonb
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', ci.id,
    'product_id', ci.product_id,
    'quantity', ci.quantity,
    'price_when_added', ci.price_when_added
  ) order by ci.id), '[]')
  from cart_items ci
  where ci.user_id = cart_lines.user_id
$$;
comment on function cart_lines(bigint) is 'The lines of a cart: what is in it, how many, and the price that the buyer saw.';
