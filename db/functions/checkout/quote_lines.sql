-- The only place that computes money. lines: rows of lines_to_order as a jsonb array; only shop_id, quantity, price and shipping
-- count. Returns one row for each shop, and one row without a shop_id for all of them, with zeros if there are no lines. Amounts
-- are US dollars. No search_path: inlined, if `lines` is a column or a variable.
create or replace function quote_lines(lines jsonb)
returns table (
  shop_id bigint, units bigint, subtotal numeric, discount numeric, shipping numeric, tax numeric, total numeric
)
language sql immutable
as $$
  -- Each part is rounded for each shop, so that the amounts of the orders add up to those of their checkout.
  with quotes as (
    select l.shop_id, sum(l.quantity) as units, round(sum(l.quantity * l.price), 2) as subtotal, 0.00 as discount,
      round(shipping_cost(l.shipping, sum(l.quantity)), 2) as shipping, 0.00 as tax
    from jsonb_to_recordset(quote_lines.lines) as l (shop_id bigint, quantity integer, price numeric, shipping jsonb)
    group by l.shop_id, l.shipping
  ),
  sums as (
    select q.shop_id, coalesce(sum(q.units), 0)::bigint as units, coalesce(sum(q.subtotal), 0.00) as subtotal,
      coalesce(sum(q.discount), 0.00) as discount, coalesce(sum(q.shipping), 0.00) as shipping, coalesce(sum(q.tax), 0.00) as tax
    from quotes q
    group by grouping sets ((q.shop_id), ())
  )
  select s.shop_id, s.units, s.subtotal, s.discount, s.shipping, s.tax, s.subtotal - s.discount + s.shipping + s.tax
  from sums s
$$;
comment on function quote_lines(jsonb) is
  'Returns the subtotal, discount, shipping, tax and total of each shop, and of all shops in the row without a shop_id.';
