-- The step "read" of split_cart, and of the cart page: both show the same prices and reasons. Lines of one product
-- share its stock in the order in which they were added: `wanted` counts the units of a line and of the lines before. pointer:
-- the place of a line in the cart as the API shows it, sorted by shop, then by line.
-- is_price_raised, is_shipping_raised: the seller raised the price, or a shipping rate, after the line was added. A line without
-- stored rates counts as not raised. held_until: the end of another buyer's hold. No search_path: inlined.
create or replace function lines_to_order(buyer_id bigint, line_ids bigint[])
returns table (
  line_id bigint, pointer text, product_id bigint, title text, quantity integer, price numeric, price_when_added numeric,
  stock integer, available_quantity bigint, reserved_until timestamptz, held_until timestamptz, shop_id bigint, shop_name text,
  shop_rating numeric, shipping jsonb, is_on_vacation boolean, vacation_message text, is_price_raised boolean,
  is_shipping_raised boolean, unavailable_reason text
)
language sql stable
as $$
  select
    ci.id,
    format(
      '#/shops/%s/items/%s', dense_rank() over (order by s.id) - 1, row_number() over (partition by s.id order by ci.id) - 1
    ),
    p.id, p.title, ci.quantity, p.price, ci.price_when_added, p.quantity,
    case when unavailable_reason(p, s, lines_to_order.buyer_id, 1, held.quantity) is null
      then greatest(p.quantity - held.quantity - (ci.wanted - ci.quantity), 0) else 0 end,
    case when not ci.outlives_hold or ci.reserved_until > clock_timestamp() then ci.reserved_until end,
    held.until, s.id, s.name, s.rating, s.shipping, s.is_on_vacation, s.vacation_message,
    coalesce(p.price > ci.price_when_added, false),
    coalesce((s.shipping ->> 'base')::numeric > ci.shipping_base_when_added
      or (s.shipping ->> 'per_extra_item')::numeric > ci.shipping_extra_when_added, false),
    unavailable_reason(p, s, lines_to_order.buyer_id, ci.wanted, held.quantity)
  from (
    select c.*, sum(c.quantity) over (partition by c.product_id order by c.id) as wanted
    from cart_items c
    where c.user_id = lines_to_order.buyer_id and c.id = any (lines_to_order.line_ids)
  ) ci
  join products p on p.id = ci.product_id
  join shops s on s.id = p.shop_id
  cross join held_by_others(p.id, lines_to_order.buyer_id) held
$$;
comment on function lines_to_order(bigint, bigint[]) is
  'Returns lines of a cart with their current price, stock, holds and shipping, and why a line cannot be ordered (null: it can).';
