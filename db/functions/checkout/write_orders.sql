-- The step "write" of split_cart. lines: rows of lines_to_order, locked, checked, and taken out of the stock. quotes: the rows of
-- quote_lines for them. notes: as in checkout_split_orders. upgrades: as in quote_lines,
-- with their names.
create or replace function write_orders(
  buyer_id bigint, lines jsonb, quotes jsonb, idempotency_key text, shipping_address jsonb, payment_method text,
  fingerprint bytea, notes jsonb, upgrades jsonb
) returns checkouts
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_checkout checkouts;
begin
  with quotes as materialized (
    select q.* from jsonb_to_recordset(write_orders.quotes) as q (
      shop_id bigint, units bigint, subtotal numeric, discount numeric, shipping numeric, tax numeric, total numeric,
      delivery_from date, delivery_to date
    )
  ),
  checkout as (
    insert into checkouts (buyer_id, idempotency_key, fingerprint, shipping_address, subtotal, discount, shipping, tax, total)
    select write_orders.buyer_id, write_orders.idempotency_key, substr(write_orders.fingerprint, 1, 16), write_orders.shipping_address,
      q.subtotal, q.discount, q.shipping, q.tax, q.total
    from quotes q
    where q.shop_id is null
    returning *
  ),
  payment as (
    insert into payments (checkout_id, method, amount)
    select checkout.id, write_orders.payment_method, checkout.total from checkout
  ),
  new_orders as (
    insert into orders (
      checkout_id, buyer_id, shop_id, subtotal, discount, shipping, tax, total, ship_to_country, note, is_gift, gift_message,
      processing_days_max, is_made_to_order, shipping_method, delivery_from, delivery_to
    )
    select checkout.id, write_orders.buyer_id, q.shop_id, q.subtotal, q.discount, q.shipping, q.tax, q.total,
      write_orders.shipping_address ->> 'country', n.note, coalesce(n.is_gift, n.gift_message is not null), n.gift_message,
      work.processing_days_max, work.is_made_to_order, u.name, q.delivery_from, q.delivery_to
    from quotes q cross join checkout
    join (
      select l.shop_id, max(l.processing_days_max) as processing_days_max, bool_or(l.is_made_to_order) as is_made_to_order
      from jsonb_to_recordset(write_orders.lines) as l (shop_id bigint, processing_days_max integer, is_made_to_order boolean)
      group by l.shop_id
    ) work on work.shop_id = q.shop_id
    left join jsonb_to_recordset(write_orders.notes) as n (shop_id bigint, note text, is_gift boolean, gift_message text)
      on n.shop_id = q.shop_id
    left join jsonb_to_recordset(write_orders.upgrades) as u (shop_id bigint, name text) on u.shop_id = q.shop_id
    where q.shop_id is not null
    order by q.shop_id
    returning id, shop_id
  ),
  new_items as (
    insert into order_items (
      order_id, product_id, title, quantity, price_at_purchase, variant_id, stock_variant_id, option_values, sku, personalization
    )
    select o.id, l.product_id, l.title, l.quantity, l.price, l.variant_id, l.stock_variant_id, l.option_values, l.sku,
      l.personalization
    from jsonb_to_recordset(write_orders.lines) as l (
      line_id bigint, shop_id bigint, product_id bigint, title text, quantity integer, price numeric, variant_id bigint,
      stock_variant_id bigint, option_values text[], sku text, personalization text
    )
    join new_orders o on o.shop_id = l.shop_id
    order by o.id, l.line_id
  ),
  sold as (
    update shops s set sales_count = s.sales_count + q.units from quotes q where s.id = q.shop_id
  )
  select checkout.* into v_checkout from checkout;

  -- The first event has the order, so that replay_order can rebuild it from its events. It lacks the status, which the event has, the
  -- fields of later events, is_made_to_order if it is false, and shipping_method and delivery if they are null.
  insert into order_events (order_id, status, actor_id, detail)
  select o.id, 'pending', write_orders.buyer_id,
    without_personal_fields(order_json(o, false)::jsonb)
      - '{status, refunded, ship_by, refunds, shipments, disputes, updated_at, late_since}'::text[]
      - case when o.is_made_to_order then '' else 'is_made_to_order' end
      - case when o.shipping_method is null then 'shipping_method' else '' end
      - case when o.delivery_to is null then 'delivery' else '' end
  from orders o
  where o.checkout_id = v_checkout.id and is_in_month_of(o.id, v_checkout.id)
  order by o.id;

  with ordered as (
    delete from cart_items ci using jsonb_to_recordset(write_orders.lines) as l (line_id bigint) where ci.id = l.line_id
    returning ci.*
  )
  insert into checkout_lines (
    id, checkout_id, product_id, variant_id, stock_variant_id, personalization, quantity, reserved_until, added_at,
    price_when_added, shipping_base_when_added, shipping_extra_when_added, rates_when_added
  )
  select o.id, v_checkout.id, o.product_id, o.variant_id, o.stock_variant_id, o.personalization, o.quantity, o.reserved_until,
    o.added_at, o.price_when_added, o.shipping_base_when_added, o.shipping_extra_when_added, o.rates_when_added
  from ordered o;
  return v_checkout;
end;
$$;
comment on function write_orders(bigint, jsonb, jsonb, text, jsonb, text, bytea, jsonb, jsonb) is
  'Writes the checkout, payment, orders and sales of a cart whose stock is taken, and clears the cart. Returns the '
  'checkout.';
