-- Applies what the provider says about a refund: sent (it took the refund), refunded (the money has arrived) or failed. A refund
-- can fail after it was refunded, and a failed one stays failed. A failed one is booked back, so that it can be made again; its
-- units stay in the stock. The job reconcile_provider asks again: 2 seconds after sent, because most refunds are decided by then;
-- at once after failed, because a refund made at the provider can have taken its place. Returns the order's status, and its total
-- if the status has changed. No row if the outcome changes nothing.
-- Locks: the order, then the refund and the payment.
create or replace function settle_refund(
  refund_id bigint, outcome text, provider_reference text default null, failure_reason text default null
)
returns table (order_status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders;
  v_unrefunded orders;
  v_refund refunds;
  v_payment payments;
  v_status text;
begin
  select o.* into v_order from refunds r join orders o on o.id = r.order_id where r.id = settle_refund.refund_id for update of o;
  select r.* into v_refund from refunds r where r.id = settle_refund.refund_id for update;
  if v_refund.id is null or v_refund.status in ('failed', outcome) or (v_refund.status, outcome) = ('refunded', 'sent') then
    return;
  end if;
  update refunds r
  set status = outcome, provider_reference = coalesce(r.provider_reference, settle_refund.provider_reference),
    failure_reason = settle_refund.failure_reason
  where r.id = v_refund.id
  returning r.* into v_refund;
  v_status := v_order.status;
  if outcome = 'failed' then
    update orders o set refunded = o.refunded - v_refund.amount where o.id = v_order.id returning o.* into v_order;
    update payments p
    set refunded = p.refunded - v_refund.amount, status = case p.status when 'refunded' then 'paid' else p.status end
    where p.id = v_refund.payment_id
    returning p.* into v_payment;
    if v_order.status = 'refunded' then
      v_unrefunded := v_order;
      select e.status into v_unrefunded.status from order_events e
      where e.order_id = v_order.id and e.status <> 'refunded' order by e.id desc limit 1;
      v_status := status_by_shipments(v_unrefunded);
    end if;
    perform cover_disputes(v_payment, v_refund.id);
    perform book_orders('refund_failed', 'refund:' || v_refund.id, array[v_order.id]);
    perform write_mail('refund_failed', (select s.owner_id from shops s where s.id = v_order.shop_id), v_refund.id);
  end if;
  if outcome <> 'refunded' then
    perform enqueue_job(
      'reconcile_provider', jsonb_build_object('payment_id', v_refund.payment_id), case outcome when 'sent' then 2 else 0 end
    );
  end if;
  perform move_order(
    v_order, v_status, null,
    jsonb_build_object('refunded', v_order.refunded::text, 'refund', without_personal_fields(refund_json(v_refund)::jsonb)), 'refund'
  );
  return query select v_status, case when v_status <> v_order.status then array[v_order.total::text] end;
end;
$$;
comment on function settle_refund(bigint, text, text, text) is
  'Applies the provider''s outcome of a refund: sent, refunded or failed. A failed refund is owed again, and the seller '
  'gets a mail.';
