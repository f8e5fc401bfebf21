-- Like apply_refund_event. Monotonic: open, then won or lost for good. A dispute can be about a part of the payment.
-- Returns a problem, and then changes nothing else: amount_differs (more than the payment, another amount than before, another
-- currency). No row without one.
-- Locks: the event's record, the payment's checkout, its orders by id, the dispute.
create or replace function apply_dispute_event(
  provider text, event_id text, payment_reference text, dispute_reference text, amount numeric, currency text, outcome text,
  reason text default null, traceparent text default null
)
returns table (problem text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payment payments;
  v_dispute disputes;
begin
  perform carry_trace(traceparent);
  v_payment := find_payment(provider, payment_reference);
  if v_payment.id is null then
    return;
  end if;
  perform note_payment_event(
    provider, event_id, v_payment.checkout_id, 'dispute_' || apply_dispute_event.outcome, dispute_reference
  );
  perform lock_orders_of_payment(v_payment);
  select d.* into v_dispute from disputes d
  where d.payment_id = v_payment.id and d.provider_reference = dispute_reference;
  if currency <> 'usd' or amount > v_payment.amount or amount <> v_dispute.amount then
    return query select 'amount_differs';
    return;
  end if;
  insert into disputes (payment_id, provider_reference, amount, reason, status)
  values (v_payment.id, dispute_reference, apply_dispute_event.amount, apply_dispute_event.reason, outcome)
  on conflict on constraint disputes_payment_id_provider_reference_key do update set status = excluded.status
  where disputes.status = 'open' and excluded.status <> 'open'
  returning disputes.* into v_dispute;
  if found then
    perform hold_disputed(v_dispute, v_payment);
    perform move_order(o, o.status, null, jsonb_build_object('dispute', dispute_json(v_dispute, o)), 'dispute')
    from orders o
    where o.checkout_id = v_payment.checkout_id and is_in_month_of(o.id, v_payment.checkout_id);
  end if;
end;
$$;
comment on function apply_dispute_event(text, text, text, text, numeric, text, text, text, text) is
  'Applies a provider''s report about a dispute: open, won or lost. Returns a problem that an operator must look at.';
