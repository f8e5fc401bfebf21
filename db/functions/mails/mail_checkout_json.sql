-- is_proved: whether an account has proved the buyer's address. If not, the address can be that of a stranger, and the mail has no
-- text of the buyer.
create or replace function mail_checkout_json(c checkouts, is_proved boolean) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return json_build_object(
    'total', c.total::text,
    'shipping_address', case when is_proved then c.shipping_address end,
    'orders', (
      select json_agg(mail_order_json(o, shows_gift => is_proved) order by o.shop_id) from orders o
      where o.checkout_id = c.id and is_in_month_of(o.id, c.id)
    )
  );
end;
$$;
comment on function mail_checkout_json(checkouts, boolean) is
  'Returns a checkout with its orders and its address, for the mail to its buyer.';
