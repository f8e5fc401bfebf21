-- Units that a failed refund returned to the stock do not count as unshipped: another buyer can have them. A later refund takes
-- them over before it counts others (back_in_stock).
create or replace function order_line_units(order_id bigint)
returns table (
  line_id bigint, product_id bigint, quantity integer, price numeric, refundable integer, unshipped integer, restockable integer,
  back_in_stock integer, variant_id bigint
)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    select oi.id, oi.product_id, oi.quantity, oi.price_at_purchase,
      oi.quantity - refunds.units,
      greatest(oi.quantity - shipped.units - refunds.gone, 0),
      oi.quantity - refunds.restocked,
      refunds.back_in_stock, oi.variant_id
    from order_items oi
    cross join lateral (
      select coalesce(sum(si.quantity), 0)::integer as units
      from shipment_items si where si.order_id = oi.order_id and si.line_id = oi.id
    ) shipped
    cross join lateral (
      select coalesce(sum(r.quantity) filter (where r.status <> 'failed'), 0)::integer as units,
        coalesce(sum(case r.status when 'failed' then r.restocked else r.quantity - r.taken_over end), 0)::integer as gone,
        coalesce(sum(case r.status when 'failed' then r.restocked else - r.taken_over end), 0)::integer as back_in_stock,
        coalesce(sum(r.restocked), 0)::integer as restocked
      from refunded_units(oi.order_id) r
      where r.line_id = oi.id
    ) refunds
    where oi.order_id = order_line_units.order_id
    order by oi.id;
end;
$$;
comment on function order_line_units(bigint) is
  'Returns for each line of an order how many units can still be refunded, how many are left to ship, how many can still '
  'return to the stock, and how many a failed refund had returned.';
