-- The caller has locked the order and checked the refund. lines: rows of lines_to_refund, or null. new_status: null for the
-- status that follows from what is left. A pending refund is asked of the provider by the job refund_payment; one that was made
-- at the provider has its status already.
-- Locks: like return_stock.
create or replace function write_refund(o orders, r refunds, lines jsonb, new_status text default null) returns refunds
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_refunded constant numeric := o.refunded + r.amount;
  v_payment payments;
  v_refund refunds;
begin
  perform return_stock((
    select jsonb_agg(jsonb_build_object(
      'product_id', l.product_id, 'variant_id', l.variant_id, 'shop_id', l.shop_id, 'quantity', l.restocked
    ))
    from jsonb_to_recordset(lines) as l (product_id bigint, variant_id bigint, shop_id bigint, restocked integer)
    where l.restocked > 0
  ));
  update payments p
  set refunded = p.refunded + r.amount, status = case when p.refunded + r.amount = p.amount then 'refunded' else p.status end
  where p.checkout_id = o.checkout_id
  returning p.* into v_payment;
  r.payment_id := v_payment.id;
  -- Only now, because another order of the payment can be refunded until this update.
  if r.status is null then
    perform check_lost_disputes(v_payment);
  end if;
  insert into refunds (
    payment_id, order_id, amount, shipping, reason, note, requested_by, status, provider_reference
  )
  values (
    r.payment_id, o.id, r.amount, coalesce(r.shipping, 0), coalesce(r.reason, 'other'), r.note, r.requested_by,
    coalesce(r.status, 'pending'), r.provider_reference
  )
  returning refunds.* into v_refund;
  insert into refund_items (refund_id, order_id, line_id, quantity, restocked, taken_over)
  select v_refund.id, o.id, l.line_id, l.quantity, l.restocked, l.taken_over
  from jsonb_to_recordset(lines) as l (line_id bigint, quantity integer, restocked integer, taken_over integer);
  update orders set refunded = v_refunded where orders.id = o.id;
  new_status := coalesce(new_status, case
    when o.status = 'cancelled' then 'cancelled'
    when v_refunded = o.total then 'refunded'
    else status_by_shipments(o)
  end);
  perform move_order(
    o, new_status, r.requested_by,
    jsonb_build_object('refunded', v_refunded::text, 'refund', without_personal_fields(refund_json(v_refund)::jsonb)), 'refund'
  );
  perform book_orders('refund', 'refund:' || v_refund.id, array[o.id]);
  if new_status = 'cancelled' and o.status <> 'cancelled' then
    perform write_mails(jsonb_build_array(
      jsonb_build_object('kind', 'order_cancelled', 'user_id', o.buyer_id, 'fact_id', o.id),
      jsonb_build_object(
        'kind', 'sold_order_cancelled', 'user_id', (select s.owner_id from shops s where s.id = o.shop_id), 'fact_id', o.id
      )
    ));
  else
    perform write_mail('order_refunded', o.buyer_id, v_refund.id);
  end if;
  if v_refund.status = 'pending' then
    perform enqueue_job('refund_payment', jsonb_build_object('refund_id', v_refund.id));
  end if;
  return v_refund;
end;
$$;
comment on function write_refund(orders, refunds, jsonb, text) is
  'Writes a refund of a locked order: money, units, stock, the order''s status, the event, and the job that asks the provider.';
