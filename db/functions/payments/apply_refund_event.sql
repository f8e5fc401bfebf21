-- The whole effect of a provider's report about a refund, by webhook or as an answer to the reconciler. key: that of our own
-- refund (refund_<id> or late_charge_key); null for a refund that was made at the provider. Each event has one record. A repeated
-- event is applied again: all effects are monotonic, and a refund that did not fit the books before can fit now.
--
-- A refund without a key of an unknown payment belongs to another system of the provider's account. It leaves no record.
--
-- Returns the totals of the orders that moved, by status, or one row with a problem, and then changes nothing else:
-- unknown_payment, unknown_refund, amount_differs (amount or currency), exceeds_payment (more than the orders have left).
-- Locks: the event's record, the payment's checkout, its orders by id, then like write_refund.
create or replace function apply_refund_event(
  provider text, event_id text, payment_reference text, refund_reference text, key text, amount numeric, currency text,
  outcome text, failure_reason text default null, traceparent text default null
)
returns table (problem text, order_status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payment payments;
  v_known record;
  v_late record;
begin
  perform carry_trace(traceparent);
  v_payment := find_payment(provider, payment_reference);
  if v_payment.id is null and key is null then
    return;
  end if;
  perform note_payment_event(
    provider, event_id, v_payment.checkout_id, 'refund_' || apply_refund_event.outcome, refund_reference
  );
  perform lock_orders_of_payment(v_payment);
  select array_agg(r.id order by r.id) as ids, sum(r.amount) as amount into v_known from refunds r
  where r.payment_id = v_payment.id
    and (r.provider_reference = refund_reference or 'refund_' || r.id = apply_refund_event.key);
  -- Without a key: an operator gave a late charge back at the provider.
  select lc.amount, late_charge_key(v_payment.checkout_id, lc.failures) as key into v_late from late_charges lc
  where lc.payment_id = v_payment.id
    and (
      lc.provider_reference = refund_reference
      or late_charge_key(v_payment.checkout_id, lc.failures) = apply_refund_event.key
      or apply_refund_event.key is null and lc.provider_reference is null
    );
  if v_payment.id is null then
    return query select 'unknown_payment', null::text, null::text[];
  elsif currency <> 'usd' or amount <> coalesce(v_known.amount, v_late.amount) then
    return query select 'amount_differs', null::text, null::text[];
  elsif v_known.ids is not null then
    return query
      select null::text, s.order_status, s.moved_totals
      from unnest(v_known.ids) id
      cross join settle_refund(id, outcome, refund_reference, apply_refund_event.failure_reason) s
      where s.moved_totals is not null;
  elsif v_late.key is not null then
    perform settle_late_charge(v_payment.checkout_id, v_late.key, outcome, refund_reference, apply_refund_event.failure_reason);
  elsif key ~ '^late_' then
    null; -- An earlier refund of a late charge, which failed.
  elsif key is not null then
    return query select 'unknown_refund', null::text, null::text[];
  else
    return query
      select null::text, b.order_status, b.moved_totals
      from book_provider_refund(v_payment, refund_reference, amount, outcome) b;
    if not found then
      return query select 'exceeds_payment', null::text, null::text[];
    end if;
  end if;
end;
$$;
comment on function apply_refund_event(text, text, text, text, text, numeric, text, text, text, text) is
  'Applies a provider''s report about a refund: settles ours, and books one that was made at the provider. Returns the orders that '
  'moved, or a problem that an operator must look at.';
