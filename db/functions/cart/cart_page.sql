-- Money, stock and holds are read now, whenever the lines were (cart_lines). What has changed since is told, so that nobody finds out at
-- the checkout: price_changed, why a line could not be ordered now (unavailable_reason), and which lines are gone because their hold
-- lapsed, for a day. Totals count the lines that can be ordered now.
-- A line that is gone by now is not shown, whatever was kept: the buyer would be told of it twice, here and under lapsed.
-- A line that is older than price_when_added counts as unchanged. The hold of a line that outlives it is shown
-- while it lasts. No cart had more than 200 lines, so as many lapsed ones are enough.
create or replace function cart_page(user_id bigint, lines jsonb) returns json
language sql stable
set search_path = public, pg_temp
as $$
  with own as materialized (
    select ci.id, ci.product_id, ci.reserved_until, ci.outlives_hold from cart_items ci where ci.user_id = cart_page.user_id
  ),
  lines as materialized (
    select
      ci.id, ci.product_id, ci.quantity, ci.price_when_added, p.title, p.price, p.shop_id, trouble.reason as unavailable_reason,
      case when not own.outlives_hold or own.reserved_until > clock_timestamp() then own.reserved_until end as reserved_until,
      case when unavailable_reason(p, s, cart_page.user_id, 1, held.quantity) is null then p.quantity - held.quantity else 0 end
        as available_quantity
    from jsonb_to_recordset(cart_page.lines) as ci (id bigint, product_id bigint, quantity integer, price_when_added numeric(10, 2))
    join products p on p.id = ci.product_id
    join shops s on s.id = p.shop_id
    join own on own.product_id = ci.product_id
    cross join held_by_others(p.id, cart_page.user_id) held
    cross join lateral (select unavailable_reason(p, s, cart_page.user_id, ci.quantity, held.quantity) as reason) trouble
  ),
  shop_carts as (
    select
      s.id, s.name, s.rating, s.is_on_vacation, s.vacation_message,
      json_agg(json_build_object(
        'product_id', l.product_id,
        'title', l.title,
        'quantity', l.quantity,
        'unit_price', l.price::text,
        'price_when_added', l.price_when_added::text,
        'price_changed', case when l.price <> l.price_when_added
          then json_build_object('from', l.price_when_added::text, 'to', l.price::text) end,
        'reserved_until', to_rfc3339(l.reserved_until),
        'available', l.unavailable_reason is null,
        'available_quantity', l.available_quantity,
        'unavailable_reason', l.unavailable_reason
      ) order by l.id) as items,
      coalesce(sum(l.price * l.quantity) filter (where l.unavailable_reason is null), 0) as subtotal,
      case when bool_or(l.unavailable_reason is null)
        then shipping_cost(s.shipping, sum(l.quantity) filter (where l.unavailable_reason is null)) else 0 end as shipping
    from lines l
    join shops s on s.id = l.shop_id
    group by s.id
  ),
  lapsed as (
    select h.product_id, p.title, h.lapsed_at
    from holds h
    join products p on p.id = h.product_id
    where h.user_id = cart_page.user_id and h.lapsed_at > clock_timestamp() - interval '1 day'
    order by h.lapsed_at desc, h.product_id
    limit 200
  )
  select json_build_object(
    'shops', coalesce(json_agg(json_build_object(
      'shop', json_build_object(
        'id', sc.id, 'name', sc.name, 'rating', sc.rating, 'is_on_vacation', sc.is_on_vacation,
        'vacation_message', case when sc.is_on_vacation then sc.vacation_message end
      ),
      'items', sc.items,
      'subtotal', round(sc.subtotal, 2)::text,
      'shipping', round(sc.shipping, 2)::text,
      'total', round(sc.subtotal + sc.shipping, 2)::text
    ) order by sc.id), '[]'),
    'subtotal', round(coalesce(sum(sc.subtotal), 0), 2)::text,
    'shipping', round(coalesce(sum(sc.shipping), 0), 2)::text,
    'total', round(coalesce(sum(sc.subtotal + sc.shipping), 0), 2)::text,
    'lapsed', (
      select coalesce(json_agg(json_build_object('product_id', l.product_id, 'title', l.title, 'lapsed_at', to_rfc3339(l.lapsed_at))
        order by l.lapsed_at desc, l.product_id), '[]')
      from lapsed l
    )
  )
  from shop_carts sc
$$;
comment on function cart_page(bigint, jsonb) is
  'A cart as the API shows it: these lines by shop, with holds, shipping and totals at today''s prices, and what it lost within a day.';
