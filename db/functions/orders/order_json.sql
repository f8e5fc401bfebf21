-- Not in language sql: PostgreSQL cannot inline it, and before 18 would plan it in each call. has_follow_ups saves the
-- look-ups of refunds, shipments and disputes for an order that has none, as in a checkout.
create or replace function order_json(o orders, shows_address boolean default true) returns json
language plpgsql stable
set search_path = public, pg_temp
-- list_shop_orders plans its own statement in each call. Without this setting, it would plan those of each order too.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_refunds json := '[]';
  v_shipments json := '[]';
  v_disputes json := '[]';
begin
  if o.has_follow_ups then
    v_refunds := (select coalesce(json_agg(refund_json(r) order by r.id), '[]') from refunds r where r.order_id = o.id);
    v_shipments := (select coalesce(json_agg(shipment_json(s) order by s.id), '[]') from shipments s where s.order_id = o.id);
    v_disputes := (
      select coalesce(json_agg(dispute_json(d, o) order by d.id), '[]')
      from disputes d join payments p on p.id = d.payment_id
      where p.checkout_id = o.checkout_id
    );
  end if;
  return (
    select row_to_json(r) from (
      select
        o.id, o.checkout_id, o.shop_id, o.buyer_id, o.status,
        o.subtotal::text, o.discount::text, o.shipping::text, o.tax::text, o.total::text, o.refunded::text, o.ship_by,
        (select c.shipping_address from checkouts c where shows_address and c.id = o.checkout_id),
        case when shows_address then o.note end as note,
        o.is_gift,
        case when shows_address then o.gift_message end as gift_message,
        o.tracking, o.is_made_to_order, to_rfc3339(o.late_since) as late_since,
        o.shipping_method, delivery_json(o.delivery_from, o.delivery_to) as delivery,
        coalesce((
          select json_agg(i) from (
            select oi.id as line_id, oi.product_id, oi.variant_id, oi.title, oi.option_values, oi.sku, oi.quantity,
              oi.price_at_purchase::text, case when shows_address then oi.personalization end as personalization
            from order_items oi where oi.order_id = o.id
            order by oi.id
          ) i
        ), '[]') as items,
        v_refunds as refunds, v_shipments as shipments, v_disputes as disputes,
        to_rfc3339(o.created_at) as created_at,
        to_rfc3339(o.updated_at) as updated_at
    ) r
  );
end;
$$;
comment on function order_json(orders, boolean) is
  'Renders an order with its lines at the purchase price, its refunds, shipments and disputes. shows_address: with the address, '
  'the note, the gift message and the personalization.';
