-- Not in language sql: PostgreSQL cannot inline it, and before 18 would plan it in each call.
create or replace function order_json(o orders) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(r) from (
      select
        o.id, o.checkout_id, o.shop_id, o.buyer_id, o.status,
        o.subtotal::text, o.discount::text, o.shipping::text, o.tax::text, o.total::text, o.refunded::text, o.ship_by,
        (select c.shipping_address from checkouts c where c.id = o.checkout_id),
        o.tracking,
        coalesce((
          select json_agg(i) from (
            select oi.id as line_id, oi.product_id, oi.title, oi.quantity, oi.price_at_purchase::text
            from order_items oi where oi.order_id = o.id
            order by oi.id
          ) i
        ), '[]') as items,
        to_rfc3339(o.created_at) as created_at,
        to_rfc3339(o.updated_at) as updated_at
    ) r
  );
end;
$$;
comment on function order_json(orders) is 'Renders an order with its address and its lines at the purchase price.';
