-- The caller has locked the checkout and, by restock_orders, its products, so no call adds or holds lines of these products.
-- A line that the buyer has added again meanwhile, of the same variant with the same personalization, stays as it is. A hold
-- returns only if its stock is still the one that the line takes.
create or replace function return_lines(checkout checkouts) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update cart_items ci set outlives_hold = true
  where ci.user_id = checkout.buyer_id
    and exists (
      select from checkout_lines cl
      where cl.checkout_id = checkout.id and cl.product_id = ci.product_id and cl.variant_id is not distinct from ci.variant_id
        and cl.personalization is not distinct from ci.personalization
    );
  with taken as (
    delete from checkout_lines cl where cl.checkout_id = checkout.id returning cl.*
  )
  insert into cart_items (
    id, user_id, product_id, variant_id, stock_variant_id, personalization, quantity, price_when_added, shipping_base_when_added,
    shipping_extra_when_added, rates_when_added, reserved_until, added_at, outlives_hold
  )
  overriding system value
  select t.id, checkout.buyer_id, t.product_id, t.variant_id, stock_variant(p, t.variant_id), t.personalization, t.quantity,
    t.price_when_added, t.shipping_base_when_added, t.shipping_extra_when_added, t.rates_when_added,
    case when t.reserved_until > clock_timestamp() and t.stock_variant_id is not distinct from stock_variant(p, t.variant_id)
      and not exists (
        select from cart_items ci
        where ci.product_id = t.product_id and coalesce(ci.stock_variant_id, 0) = coalesce(t.stock_variant_id, 0)
          and ci.reserved_until is not null
      ) then t.reserved_until end,
    t.added_at, true
  from taken t
  join products p on p.id = t.product_id
  where not exists (
    select from cart_items ci
    where ci.user_id = checkout.buyer_id and ci.product_id = t.product_id and ci.variant_id is not distinct from t.variant_id
      and ci.personalization is not distinct from t.personalization
  )
  order by t.product_id, t.id;
end;
$$;
comment on function return_lines(checkouts) is 'Returns the lines of a locked checkout to the cart of its buyer.';
