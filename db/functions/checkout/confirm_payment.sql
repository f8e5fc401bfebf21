-- ship_by of an order is the day of the payment (UTC) plus the shop's longest processing time.
create or replace function confirm_payment(checkout_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update checkouts c set status = 'paid' where c.id = confirm_payment.checkout_id;
  update payments p set status = 'paid' where p.checkout_id = confirm_payment.checkout_id;
  with paid as (
    update orders o
    set status = 'paid', ship_by = (now() at time zone 'UTC')::date + (s.shipping ->> 'processing_days_max')::integer
    from shops s
    where o.checkout_id = confirm_payment.checkout_id and is_in_month_of(o.id, confirm_payment.checkout_id) and s.id = o.shop_id
    returning o.id, o.ship_by
  )
  insert into order_events (order_id, status, detail)
  select paid.id, 'paid', jsonb_build_object('ship_by', paid.ship_by) from paid order by paid.id;
  perform enqueue_job('notify_sellers', jsonb_build_object('order_ids', jsonb_agg(o.id order by o.id)))
  from orders o
  where o.checkout_id = confirm_payment.checkout_id and is_in_month_of(o.id, confirm_payment.checkout_id);
  delete from checkout_lines cl where cl.checkout_id = confirm_payment.checkout_id;
end;
$$;
comment on function confirm_payment(bigint) is 'Marks a pending, locked checkout and its orders paid, and notifies the sellers.';
