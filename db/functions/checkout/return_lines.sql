-- The caller has locked the checkout and, by restock_orders, its products, so no call adds or holds lines of these products.
create or replace function return_lines(checkout checkouts) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update cart_items ci set outlives_hold = true
  where ci.user_id = checkout.buyer_id
    and ci.product_id in (select cl.product_id from checkout_lines cl where cl.checkout_id = checkout.id);
  with taken as (
    delete from checkout_lines cl where cl.checkout_id = checkout.id returning cl.*
  )
  insert into cart_items (
    id, user_id, product_id, quantity, price_when_added, shipping_base_when_added, shipping_extra_when_added,
    reserved_until, added_at, outlives_hold
  )
  overriding system value
  select t.id, checkout.buyer_id, t.product_id, t.quantity, t.price_when_added, t.shipping_base_when_added,
    t.shipping_extra_when_added,
    case when t.reserved_until > clock_timestamp() and not exists (
      select from cart_items ci where ci.product_id = t.product_id and ci.reserved_until is not null
    ) then t.reserved_until end,
    t.added_at, true
  from taken t
  where not exists (select from cart_items ci where ci.user_id = checkout.buyer_id and ci.product_id = t.product_id)
  order by t.product_id, t.id;
end;
$$;
comment on function return_lines(checkouts) is 'Returns the lines of a locked checkout to the cart of its buyer.';
