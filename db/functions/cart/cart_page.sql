-- Money, stock and holds are read now, whenever the lines were (cart_lines). What has changed since is told, so that nobody finds out at
-- the checkout: price_changed, and why a line could not be ordered now, in the order in which a buyer would fix it.
-- A line of before prices were kept has no price_when_added, and is told of no change.
create or replace function cart_page(user_id bigint, lines jsonb) returns json
language sql stable
set search_path = public, pg_temp
as $$
  with lines as (
    select
      ci.id, ci.product_id, ci.quantity, held_by_them.reserved_until, ci.price_when_added, p.title, p.price, p.shop_id,
      case when p.archived_at is null and not s.is_on_vacation then greatest(p.quantity - held.quantity, 0) else 0 end as available_quantity,
      case
        when p.archived_at is not null then 'archived'
        when s.is_on_vacation then 'shop_on_vacation'
        when p.quantity = 0 then 'sold_out'
        when p.quantity < ci.quantity then 'insufficient_stock'
        when p.quantity - held.quantity < ci.quantity then 'item_reserved'
      end as unavailable_reason
    from jsonb_to_recordset(cart_page.lines) as ci (id bigint, product_id bigint, quantity integer, price_when_added numeric(10, 2))
    join products p on p.id = ci.product_id
    join shops s on s.id = p.shop_id
    left join cart_items held_by_them on held_by_them.user_id = cart_page.user_id and held_by_them.product_id = ci.product_id
    cross join lateral (select count_held_by_others(p.id, cart_page.user_id) as quantity) held
  ),
  shop_carts as (
    select
      s.id, s.name, s.rating,
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
      sum(l.price * l.quantity) as subtotal,
      shipping_cost(s.shipping, sum(l.quantity)) as shipping
    from lines l
    join shops s on s.id = l.shop_id
    group by s.id
  )
  select json_build_object(
    'shops', coalesce(json_agg(json_build_object(
      'shop', json_build_object('id', sc.id, 'name', sc.name, 'rating', sc.rating),
      'items', sc.items,
      'subtotal', round(sc.subtotal, 2)::text,
      'shipping', round(sc.shipping, 2)::text,
      'total', round(sc.subtotal + sc.shipping, 2)::text
    ) order by sc.id), '[]'),
    'subtotal', round(coalesce(sum(sc.subtotal), 0), 2)::text,
    'shipping', round(coalesce(sum(sc.shipping), 0), 2)::text,
    'total', round(coalesce(sum(sc.subtotal + sc.shipping), 0), 2)::text
  )
  from shop_carts sc
$$;
comment on function cart_page(bigint, jsonb) is 'A cart as the API shows it: these lines by shop, with holds, shipping and totals at today''s prices.';
