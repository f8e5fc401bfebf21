create or replace function mail_checkout_json(c checkouts) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return json_build_object(
    'total', c.total::text,
    'shipping_address', c.shipping_address,
    'orders', (
      select json_agg(mail_order_json(o) order by o.shop_id) from orders o
      where o.checkout_id = c.id and is_in_month_of(o.id, c.id)
    )
  );
end;
$$;
comment on function mail_checkout_json(checkouts) is 'Returns a checkout with its orders and its address, for the mail to its buyer.';
