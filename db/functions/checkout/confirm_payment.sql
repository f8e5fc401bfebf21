-- ship_by of an order is the day of the payment (UTC) plus the working days of its slowest line. An order that an earlier version
-- wrote has none of its own: those of the shop count.
create or replace function confirm_payment(checkout checkouts) returns checkouts
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_mails jsonb;
  v_order_ids bigint[];
begin
  update checkouts c set status = 'paid' where c.id = checkout.id returning c.* into checkout;
  with paid as (
    update orders o
    set status = 'paid', ship_by = ship_by_day(
      (now() at time zone 'UTC')::date, coalesce(o.processing_days_max, (s.shipping ->> 'processing_days_max')::integer),
      s.days_off, s.vacation_from, s.vacation_until
    )
    from shops s
    where o.checkout_id = checkout.id and is_in_month_of(o.id, checkout.id) and s.id = o.shop_id
    returning o.id, o.ship_by, s.owner_id
  ),
  noted as (
    insert into order_events (order_id, status, detail)
    select paid.id, 'paid', jsonb_build_object('ship_by', paid.ship_by) from paid order by paid.id
  )
  select jsonb_agg(jsonb_build_object('kind', 'order_sold', 'user_id', paid.owner_id, 'fact_id', paid.id) order by paid.id),
    array_agg(paid.id order by paid.id)
  into v_mails, v_order_ids from paid;
  perform write_mails(
    jsonb_build_object('kind', 'checkout_paid', 'user_id', checkout.buyer_id, 'fact_id', checkout.id) || v_mails
  );
  perform write_commissions(v_order_ids);
  perform book_orders('sale', 'checkout:' || checkout.id, v_order_ids);
  delete from checkout_lines cl where cl.checkout_id = checkout.id;
  return checkout;
end;
$$;
comment on function confirm_payment(checkouts) is
  'Marks a pending, locked checkout and its orders paid, writes the mails to buyer and sellers, and returns the checkout.';
