-- No search_path: inlined into every list of orders.
create or replace function order_json(o orders) returns json
language sql stable
as $$
  select json_build_object(
    'id', o.id,
    'checkout_id', o.checkout_id,
    'shop_id', o.shop_id,
    'buyer_id', o.buyer_id,
    'status', o.status,
    'subtotal', o.subtotal::text,
    'discount', o.discount::text,
    'shipping', o.shipping::text,
    'tax', o.tax::text,
    'total', o.total::text,
    'refunded', o.refunded::text,
    'ship_by', o.ship_by,
    'shipping_address', (select c.shipping_address from checkouts c where c.id = o.checkout_id),
    'tracking', o.tracking,
    'items', (
      select coalesce(json_agg(json_build_object(
        'line_id', oi.id,
        'product_id', oi.product_id,
        'title', oi.title,
        'quantity', oi.quantity,
        'price_at_purchase', oi.price_at_purchase::text
      ) order by oi.id), '[]')
      from order_items oi where oi.order_id = o.id
    ),
    'created_at', to_rfc3339(o.created_at),
    'updated_at', to_rfc3339(o.updated_at)
  )
$$;
comment on function order_json(orders) is 'Renders an order with its address and its lines at the purchase price.';
