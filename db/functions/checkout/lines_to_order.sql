-- is_price_raised and is_shipping_raised: the seller has raised the price, or a rate of the shipping, since the line was added. A line
-- that is older than these notes counts as not raised. No search_path: inlined.
create or replace function lines_to_order(buyer_id bigint, line_ids bigint[])
returns table (
  line_id bigint, product_id bigint, title text, quantity integer, price numeric, price_when_added numeric, stock integer,
  held_until timestamptz, shop_id bigint, shop_name text, shipping jsonb, vacation_message text, is_price_raised boolean,
  is_shipping_raised boolean, unavailable_reason text
)
language sql stable
as $$
  select
    ci.id, p.id, p.title, ci.quantity, p.price, ci.price_when_added, p.quantity, held.until, s.id, s.name, s.shipping, s.vacation_message,
    coalesce(p.price > ci.price_when_added, false),
    coalesce((s.shipping ->> 'base')::numeric > ci.shipping_base_when_added
      or (s.shipping ->> 'per_extra_item')::numeric > ci.shipping_extra_when_added, false),
    unavailable_reason(p, s, lines_to_order.buyer_id, ci.quantity, held.quantity)
  from cart_items ci
  join products p on p.id = ci.product_id
  join shops s on s.id = p.shop_id
  cross join held_by_others(p.id, lines_to_order.buyer_id) held
  where ci.id = any (lines_to_order.line_ids)
$$;
comment on function lines_to_order(bigint, bigint[]) is 'The lines of a cart with what a checkout asks about each: stock, holds, prices, shipping.';
