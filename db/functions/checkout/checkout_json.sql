-- Not in language sql: before 18, PostgreSQL plans the statements of such a function in each call, with each index of each month.
create or replace function checkout_json(checkout_id bigint) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(r) from (
      select
        c.id as checkout_id, c.status,
        c.subtotal::text, c.discount::text, c.shipping::text, c.tax::text, c.total::text,
        (select row_to_json(paid) from (select p.id, p.status) paid) as payment,
        c.shipping_address,
        (
          select coalesce(json_agg(order_json(o) order by o.shop_id), '[]')
          from orders o where o.checkout_id = c.id and is_in_month_of(o.id, c.id)
        ) as orders,
        to_rfc3339(c.created_at) as created_at
      from checkouts c
      join payments p on p.checkout_id = c.id
      where c.id = checkout_json.checkout_id
    ) r
  );
end;
$$;
comment on function checkout_json(bigint) is 'Renders a checkout: its payment and its orders, one for each shop.';
