-- No search_path: inlined.
create or replace function placed_lines(buyer_id bigint, line_ids bigint[])
returns table (
  pointer text, line_id bigint, product_id bigint, title text, price numeric, price_when_added numeric, stock integer, held_until timestamptz,
  shop_id bigint, shop_name text, vacation_message text, is_price_raised boolean, is_shipping_raised boolean,
  unavailable_reason text
)
language sql stable
as $$
  select
    format('#/shops/%s/items/%s', dense_rank() over (order by l.shop_id) - 1, row_number() over (partition by l.shop_id order by l.line_id) - 1),
    l.line_id, l.product_id, l.title, l.price, l.price_when_added, l.stock, l.held_until, l.shop_id, l.shop_name, l.vacation_message,
    l.is_price_raised, l.is_shipping_raised, l.unavailable_reason
  from lines_to_order(placed_lines.buyer_id, placed_lines.line_ids) l
$$;
comment on function placed_lines(bigint, bigint[]) is 'The lines of lines_to_order, each with its place in the cart as the API shows it.';
