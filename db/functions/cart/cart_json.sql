-- Everything but the ids of the lines is read now, so that a buyer sees a change here and not at the checkout: a changed price,
-- why a line cannot be ordered, and for a day which lines left the cart because their hold lapsed. Totals count the lines that
-- can be ordered. line_ids: the lines, or null to read them. An id whose line is gone is not shown. A cart has at most 200 lines
-- (check_cart_room), so it shows as many lapsed ones.
create or replace function cart_json(user_id bigint, line_ids bigint[] default null) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
      with lines as materialized (
        select * from lines_to_order(cart_json.user_id, coalesce(cart_json.line_ids, cart_line_ids(cart_json.user_id)))
      ),
      quotes as materialized (
        select q.*
        from (select jsonb_agg(to_jsonb(l)) as lines from lines l where l.unavailable_reason is null) available
        cross join lateral quote_lines(available.lines) q
      ),
      shop_carts as (
        select l.shop_id, json_build_object(
          'shop', json_build_object(
            'id', l.shop_id, 'name', l.shop_name, 'rating', l.shop_rating, 'is_on_vacation', l.is_on_vacation,
            'vacation_message', case when l.is_on_vacation then l.vacation_message end
          ),
          'items', json_agg(json_build_object(
            'line_id', l.line_id,
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
          ) order by l.line_id),
          'subtotal', coalesce(q.subtotal, 0.00)::text,
          'discount', coalesce(q.discount, 0.00)::text,
          'shipping', coalesce(q.shipping, 0.00)::text,
          'tax', coalesce(q.tax, 0.00)::text,
          'total', coalesce(q.total, 0.00)::text
        ) as shop_cart
        from lines l
        left join quotes q on q.shop_id = l.shop_id
        group by l.shop_id, l.shop_name, l.shop_rating, l.is_on_vacation, l.vacation_message,
          q.subtotal, q.discount, q.shipping, q.tax, q.total
      )
      select json_build_object(
        'shops', (select coalesce(json_agg(sc.shop_cart order by sc.shop_id), '[]') from shop_carts sc),
        'subtotal', q.subtotal::text,
        'discount', q.discount::text,
        'shipping', q.shipping::text,
        'tax', q.tax::text,
        'total', q.total::text,
        'lapsed', lapsed_lines_json(cart_json.user_id)
      )
      from quotes q
      where q.shop_id is null
  );
end;
$$;
comment on function cart_json(bigint, bigint[]) is
  'Renders a cart: these lines by shop with holds, shipping and totals at current prices, and the lines lost within a day.';
