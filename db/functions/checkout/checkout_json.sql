-- Not in language sql: before 18, PostgreSQL plans the statements of such a function in each call, with each index of each month.
create or replace function checkout_json(checkout_id bigint) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select json_build_object(
      'checkout_id', c.id,
      'status', c.status,
      'subtotal', c.subtotal::text,
      'discount', c.discount::text,
      'shipping', c.shipping::text,
      'tax', c.tax::text,
      'total', c.total::text,
      'payment', json_build_object('id', p.id, 'status', p.status),
      'shipping_address', c.shipping_address,
      'orders', (
        select coalesce(json_agg(order_json(o) order by o.shop_id), '[]')
        from orders o where o.checkout_id = c.id and is_in_month_of(o.id, c.id)
      ),
      'created_at', to_rfc3339(c.created_at)
    )
    from checkouts c
    join payments p on p.checkout_id = c.id
    where c.id = checkout_json.checkout_id
  );
end;
$$;
comment on function checkout_json(bigint) is 'Renders a checkout: its payment and its orders, one for each shop.';
