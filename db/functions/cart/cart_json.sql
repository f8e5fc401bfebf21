-- Everything but the ids of the lines is read now, so that a buyer sees a change here and not at the checkout: a changed price,
-- why a line cannot be ordered, and for a day which lines left the cart because their hold lapsed. Totals count the lines that
-- can be ordered. line_ids: the lines, or null to read them. An id whose line is gone is not shown. A cart has at most 200 lines
-- (check_cart_room), so it shows as many lapsed ones. country: where it goes, null for that of the buyer's default address, else
-- the world.
create or replace function cart_json(user_id bigint, line_ids bigint[] default null, country text default null) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  -- An argument with a sub-select would keep PostgreSQL from inlining lines_to_order.
  v_country constant text := coalesce(
    cart_json.country, (select a.country from addresses a where a.user_id = cart_json.user_id and a.is_default)
  );
  v_upgrades constant jsonb := null;
begin
  return (
      with lines as materialized (
        select *
        from lines_to_order(cart_json.user_id, coalesce(cart_json.line_ids, cart_line_ids(cart_json.user_id)), v_country)
      ),
      quotes as materialized (
        select q.*
        from (select jsonb_agg(to_jsonb(l)) as lines from lines l where l.unavailable_reason is null) available
        cross join lateral quote_lines(available.lines, v_upgrades) q
      ),
      shop_carts as (
        select
          (
            select row_to_json(r) from (
              select l.shop_id as id, l.shop_name as name, l.shop_rating as rating, l.is_on_vacation,
                case when l.is_on_vacation then l.vacation_message end as vacation_message
            ) r
          ) as shop,
          json_agg((
            select row_to_json(r) from (
              select
                l.line_id, l.product_id, l.variant_id, l.title, l.option_values, l.sku, l.personalization, l.quantity,
                l.price::text as unit_price,
                l.price_when_added::text,
                case when l.price <> l.price_when_added
                  then json_build_object('from', l.price_when_added::text, 'to', l.price::text) end as price_changed,
                to_rfc3339(l.reserved_until) as reserved_until,
                l.unavailable_reason is null as available,
                l.available_quantity,
                l.unavailable_reason
            ) r
          ) order by l.line_id) as items,
          coalesce(q.subtotal, 0.00)::text as subtotal,
          coalesce(q.discount, 0.00)::text as discount,
          coalesce(q.shipping, 0.00)::text as shipping,
          coalesce(q.tax, 0.00)::text as tax,
          coalesce(q.total, 0.00)::text as total,
          case when q.profile_id is null then '[]'
            else (
              select coalesce(json_agg(json_build_object(
                'id', u.id, 'name', u.name, 'price', u.price::text, 'per_extra_item', u.per_extra_item::text
              ) order by u.price, u.name), '[]')
              from profile_upgrades(q.profile_id, v_country) u
            ) end as upgrades,
          delivery_json(q.delivery_from, q.delivery_to) as delivery
        from lines l
        left join quotes q on q.shop_id = l.shop_id
        group by l.shop_id, l.shop_name, l.shop_rating, l.is_on_vacation, l.vacation_message,
          q.subtotal, q.discount, q.shipping, q.tax, q.total,
          q.profile_id, q.delivery_from, q.delivery_to
        order by l.shop_id
      )
      select row_to_json(r) from (
        select
          (select coalesce(json_agg(row_to_json(sc)), '[]') from shop_carts sc) as shops,
          q.subtotal::text, q.discount::text, q.shipping::text, q.tax::text, q.total::text,
          lapsed_lines_json(cart_json.user_id) as lapsed
        from quotes q
        where q.shop_id is null
      ) r
  );
end;
$$;
comment on function cart_json(bigint, bigint[], text) is
  'Renders a cart: these lines by shop with holds, shipping and totals at current prices, and the lines lost within a day.';
