-- Turns a cart into orders, one for each shop, in one transaction: all or nothing (split_cart). A second call with one key
-- returns the orders of the first.
--
-- The orders begin as pending; settle_checkout moves them when the outcome of the payment is known. Without a payment_method no
-- provider is called: the caller settles the orders.
--
-- Raises SWNTF (no such buyer), SWCRT (the cart is empty), SWSTK (a line exceeds the stock, or its item is no longer listed),
-- SWRES (another buyer holds an item), SWVAC (a shop is on vacation), SWOWI (a shop is the buyer's own), SWDST (an item is not sent to the country), SWPRC (expected_total
-- differs, or it is null and the buyer may not have seen the current total; detail.total is the current total), SWINV (the
-- address has an unknown country, or a note names a wrong shop). detail.errors names each line.
--
-- notes: [{shop_id, note, is_gift, gift_message}], at most one a shop of the cart, or null.
create or replace function checkout_split_orders(
  buyer_id bigint,
  idempotency_key text,
  shipping_address jsonb,
  payment_method text default null,
  expected_total numeric default null,
  notes jsonb default null
)
returns table (checkout_id bigint, order_id bigint, shop_id bigint, subtotal numeric, shipping numeric, total numeric)
language plpgsql volatile security definer
set search_path = public, pg_temp
-- PostgreSQL would plan a look-up in one month's range of ids in each call. The plan is the same for every month.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_checkout checkouts := find_checkout(buyer_id, idempotency_key);
begin
  if v_checkout.id is null then
    perform check_address(shipping_address);
    v_checkout := split_cart(
      buyer_id, idempotency_key, shipping_address, payment_method, expected_total, notes => notes
    );
  end if;
  return query
    select o.checkout_id, o.id, o.shop_id, o.subtotal, o.shipping, o.total
    from orders o
    where o.checkout_id = v_checkout.id and is_in_month_of(o.id, v_checkout.id)
    order by o.shop_id;
end;
$$;
comment on function checkout_split_orders(bigint, text, jsonb, text, numeric, jsonb) is
  'Turns a cart into one order for each shop, takes the stock, counts the sales and clears the cart; all or nothing. SWNTF, '
  'SWCRT, SWSTK, SWRES, SWVAC, SWOWI, SWDST, SWPRC, SWINV.';
