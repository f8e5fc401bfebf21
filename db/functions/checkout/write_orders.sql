-- The caller has locked and checked the cart; the guard on the stock and the CHECK behind it are the second and third wall.
create or replace function write_orders(
  buyer_id bigint, line_ids bigint[], idempotency_key text, shipping_address jsonb, payment_method text
) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_checkout_id bigint;
  v_taken bigint;
begin
  with costs as (
    select p.shop_id, sum(ci.quantity * p.price) as subtotal, shipping_cost(s.shipping, sum(ci.quantity)) as shipping
    from cart_items ci
    join products p on p.id = ci.product_id
    join shops s on s.id = p.shop_id
    where ci.id = any (line_ids)
    group by p.shop_id, s.shipping
  ),
  checkout as (
    insert into checkouts (buyer_id, idempotency_key, shipping_address, subtotal, shipping, total)
    select write_orders.buyer_id, write_orders.idempotency_key, write_orders.shipping_address,
      sum(c.subtotal), sum(c.shipping), sum(c.subtotal + c.shipping)
    from costs c
    returning id, total
  ),
  payment as (
    insert into payments (checkout_id, method, amount)
    select checkout.id, write_orders.payment_method, checkout.total from checkout
  ),
  new_orders as (
    insert into orders (checkout_id, buyer_id, shop_id, subtotal, shipping, total)
    select checkout.id, write_orders.buyer_id, c.shop_id, c.subtotal, c.shipping, c.subtotal + c.shipping
    from costs c cross join checkout
    order by c.shop_id
    returning orders.*
  ),
  new_items as (
    insert into order_items (order_id, product_id, title, quantity, price_at_purchase)
    select o.id, p.id, p.title, ci.quantity, p.price
    from cart_items ci
    join products p on p.id = ci.product_id
    join new_orders o on o.shop_id = p.shop_id
    where ci.id = any (line_ids)
  ),
  new_events as (
    -- The first event holds the whole order, so that the trail alone can rebuild it (replay_order).
    insert into order_events (order_id, status, actor_id, detail)
    select o.id, 'pending', write_orders.buyer_id, jsonb_build_object(
      'checkout_id', o.checkout_id, 'shop_id', o.shop_id, 'buyer_id', o.buyer_id,
      'subtotal', o.subtotal::text, 'shipping', o.shipping::text, 'total', o.total::text,
      'shipping_address', write_orders.shipping_address,
      'items', jsonb_agg(jsonb_build_object(
        'product_id', p.id, 'title', p.title, 'quantity', ci.quantity, 'price_at_purchase', p.price::text
      ) order by p.id)
    )
    from new_orders o
    join products p on p.shop_id = o.shop_id
    join cart_items ci on ci.product_id = p.id and ci.id = any (line_ids)
    group by o.id, o.checkout_id, o.shop_id, o.buyer_id, o.subtotal, o.shipping, o.total
    order by o.id
  ),
  sold as (
    update shops s set sales_count = s.sales_count + units.count
    from (
      select p.shop_id, sum(ci.quantity) as count
      from cart_items ci join products p on p.id = ci.product_id
      where ci.id = any (line_ids) group by p.shop_id
    ) units
    where s.id = units.shop_id
  )
  select checkout.id into v_checkout_id from checkout;

  update products p set quantity = p.quantity - ci.quantity
  from cart_items ci
  where ci.id = any (line_ids) and p.id = ci.product_id and p.quantity >= ci.quantity;
  get diagnostics v_taken = row_count;
  if v_taken <> cardinality(line_ids) then
    raise exception using errcode = 'SWSTK', message = 'An item of the cart is sold out.', detail = '{"success": false}';
  end if;

  insert into checkout_lines
    (checkout_id, product_id, reserved_until, added_at, price_when_added, shipping_base_when_added, shipping_extra_when_added)
  select v_checkout_id, ci.product_id, ci.reserved_until, ci.added_at, ci.price_when_added, ci.shipping_base_when_added,
    ci.shipping_extra_when_added
  from cart_items ci where ci.id = any (line_ids);
  delete from cart_items ci where ci.id = any (line_ids);
  return v_checkout_id;
end;
$$;
comment on function write_orders(bigint, bigint[], text, jsonb, text) is
  'Writes checkout, payment and orders of a locked and checked cart, takes the stock and clears the lines. SWSTK if the stock does not allow it after all.';
