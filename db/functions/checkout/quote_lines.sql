-- The only place that computes money. lines: rows of lines_to_order as a jsonb array; only shop_id, product_id, quantity, price,
-- rate and the delivery count. upgrades: [{shop_id, rate: {base, per_extra_item}}], at most one a shop (chosen_upgrades), or null.
-- Returns one row for each shop, and one row without a shop_id for all of them, with zeros if there are no lines. Amounts are US
-- dollars. No search_path: inlined, if `lines` and `upgrades` are columns or variables.
-- Of each shop the dearest base is charged once. Of two lines with one base it is that of the line with the larger per_extra_item,
-- so that the buyer pays the smaller one for the other. Every other unit costs its own per_extra_item. profile_id: the profile of
-- that dearest line, whose upgrades apply; null if the shop has nothing but its shipping.
create or replace function quote_lines(lines jsonb, upgrades jsonb default null)
returns table (
  shop_id bigint, units bigint, subtotal numeric, discount numeric, shipping numeric, tax numeric, total numeric,
  profile_id bigint, delivery_from date, delivery_to date
)
language sql immutable
as $$
  -- Each part is rounded for each shop, so that the amounts of the orders add up to those of their checkout.
  with ranked as (
    select l.*,
      row_number() over (
        partition by l.shop_id
        order by (l.rate ->> 'base')::numeric desc, (l.rate ->> 'per_extra_item')::numeric desc, l.product_id, l.line_id
      ) = 1 as is_dearest
    from jsonb_to_recordset(quote_lines.lines) as l (
      shop_id bigint, line_id bigint, product_id bigint, quantity integer, price numeric, rate jsonb, delivery_from date,
      delivery_to date
    )
  ),
  sent as (
    select r.shop_id, sum(r.quantity) as units, round(sum(r.quantity * r.price), 2) as subtotal, 0.00 as discount, 0.00 as tax,
      sum(
        case when r.is_dearest then shipping_cost(r.rate, r.quantity)
          else (r.rate ->> 'per_extra_item')::numeric * r.quantity end
      ) as shipping,
      max((r.rate ->> 'profile_id')::bigint) filter (where r.is_dearest) as profile_id,
      case when count(r.delivery_to) = count(*) then max(r.delivery_from) end as delivery_from,
      case when count(r.delivery_to) = count(*) then max(r.delivery_to) end as delivery_to
    from ranked r
    group by r.shop_id
  ),
  quotes as (
    select s.shop_id, s.units, s.subtotal, s.discount, s.tax, s.profile_id, s.delivery_from, s.delivery_to,
      round(s.shipping + coalesce(shipping_cost(u.rate, s.units), 0), 2) as shipping
    from sent s
    left join jsonb_to_recordset(quote_lines.upgrades) as u (shop_id bigint, rate jsonb) on u.shop_id = s.shop_id
  ),
  sums as (
    select q.shop_id, coalesce(sum(q.units), 0)::bigint as units, coalesce(sum(q.subtotal), 0.00) as subtotal,
      coalesce(sum(q.discount), 0.00) as discount, coalesce(sum(q.shipping), 0.00) as shipping, coalesce(sum(q.tax), 0.00) as tax,
      case when grouping(q.shop_id) = 0 then max(q.profile_id) end as profile_id,
      case when grouping(q.shop_id) = 0 then max(q.delivery_from) end as delivery_from,
      case when grouping(q.shop_id) = 0 then max(q.delivery_to) end as delivery_to
    from quotes q
    group by grouping sets ((q.shop_id), ())
  )
  select s.shop_id, s.units, s.subtotal, s.discount, s.shipping, s.tax, s.subtotal - s.discount + s.shipping + s.tax,
    s.profile_id, s.delivery_from, s.delivery_to
  from sums s
$$;
comment on function quote_lines(jsonb, jsonb) is
  'Returns the subtotal, discount, shipping, tax and total of each shop, and of all shops in the row without a shop_id; with the '
  'profile whose upgrades apply and the estimated delivery of each shop.';
