-- The step "read" of split_cart, and of the cart page: both show the same prices and reasons. Lines of one stock, that of a
-- product or of a variant, share it in the order in which they were added: `wanted` counts the units of a line and of the lines
-- before. Only a variant with a quantity has a stock of its own. Lines whose variant is gone take no stock, as in put_cart_line:
-- archived ones, and lines without a variant beside lines with one. pointer: the place of a line in the cart as the API shows it,
-- sorted by shop, then by line.
-- is_price_raised, is_shipping_raised: the seller raised the price, or a shipping rate, after the line was added. A line without
-- stored rates counts as not raised; a destination that had no rate then counts as raised. held_until: the end of another
-- buyer's hold. sku: that of the variant, else of the listing.
-- processing_days_max, is_made_to_order: of the profile of the variant, else of the listing, else the days of the shop.
-- country: where the lines go, null for the world. rate: {base, per_extra_item, days_min, days_max, profile_id} of the most exact
-- destination, null if the listing is not sent there. A shop that has nothing but its shipping has no profile_id and costs no
-- look-up. `offset 0` lets PostgreSQL look a rate up once. delivery_from, delivery_to: null if the rate has no days.
-- The second look at the variant, by name, lets PostgreSQL inline the functions that take its row. No search_path: inlined.
create or replace function lines_to_order(buyer_id bigint, line_ids bigint[], country text default null)
returns table (
  line_id bigint, pointer text, product_id bigint, title text, quantity integer, price numeric, price_when_added numeric,
  stock integer, available_quantity bigint, reserved_until timestamptz, held_until timestamptz, shop_id bigint, shop_name text,
  shop_rating numeric, rate jsonb, is_on_vacation boolean, vacation_message text, is_price_raised boolean,
  is_shipping_raised boolean, unavailable_reason text, variant_id bigint, stock_variant_id bigint, option_values text[], sku text,
  personalization text, processing_days_max integer, is_made_to_order boolean,
  delivery_from date, delivery_to date
)
language sql stable
as $$
  select
    ci.id,
    format(
      '#/shops/%s/items/%s', dense_rank() over (order by s.id) - 1, row_number() over (partition by s.id order by ci.id) - 1
    ),
    p.id, p.title, ci.quantity, variant_price(v, p), ci.price_when_added, variant_stock(v, p),
    case when unavailable_reason(p, v, s, lines_to_order.buyer_id, 1, held.quantity, ci.personalization) is null and sent.rate is not null
      then greatest(variant_stock(v, p) - held.quantity - (ci.wanted - ci.quantity), 0) else 0 end,
    case when not ci.outlives_hold or ci.reserved_until > clock_timestamp() then ci.reserved_until end,
    held.until, s.id, s.name, s.rating, sent.rate, is_away(s, (now() at time zone 'UTC')::date), s.vacation_message,
    coalesce(variant_price(v, p) > ci.price_when_added, false),
    case
      when ci.rates_when_added is not null then is_rate_raised(sent.rate, ci.rates_when_added, lines_to_order.country)
      else coalesce((sent.rate ->> 'base')::numeric > ci.shipping_base_when_added
        or (sent.rate ->> 'per_extra_item')::numeric > ci.shipping_extra_when_added, false)
    end,
    coalesce(
      unavailable_reason(p, v, s, lines_to_order.buyer_id, ci.wanted, held.quantity, ci.personalization),
      case when sent.rate is null then 'not_shippable' end
    ),
    ci.variant_id, ci.stock_of, coalesce(v.option_values, '{}'), coalesce(v.sku, p.sku), ci.personalization,
    coalesce(pp.days_max, (s.shipping ->> 'processing_days_max')::integer), coalesce(pp.readiness = 'made_to_order', false),
    delivery_day(
      s, coalesce(pp.days_min, (s.shipping ->> 'processing_days_min')::integer), (sent.rate ->> 'days_min')::integer
    ),
    delivery_day(
      s, coalesce(pp.days_max, (s.shipping ->> 'processing_days_max')::integer), (sent.rate ->> 'days_max')::integer
    )
  from (
    select c.*, own.id as stock_of,
      sum(c.quantity) filter (where chosen.archived_at is null)
        over (partition by c.product_id, own.id, c.variant_id is null order by c.id) as wanted
    from cart_items c
    left join variants chosen on chosen.id = c.variant_id
    cross join lateral (select case when chosen.quantity is not null then chosen.id end as id) own
    where c.user_id = lines_to_order.buyer_id and c.id = any (lines_to_order.line_ids)
  ) ci
  join products p on p.id = ci.product_id
  join shops s on s.id = p.shop_id
  left join variants v on v.id = ci.variant_id
  left join processing_profiles pp on pp.id = coalesce(v.processing_profile_id, p.processing_profile_id)
  cross join held_by_others(p.id, ci.stock_of, lines_to_order.buyer_id) held
  cross join lateral (
    select product_rate(p, s, lines_to_order.country) as rate
    offset 0
  ) sent
$$;
comment on function lines_to_order(bigint, bigint[], text) is
  'Returns lines of a cart with their current price, stock, holds and shipping rate to a country, and why a line cannot be '
  'ordered (null: it can).';
