-- The whole effect of a webhook. Each event counts once: one of several concurrent copies inserts its record, and the others wait
-- for that transaction and find the record. The order of events does not matter, because settle_checkout is monotonic.
--
-- An event cannot precede its checkout, because the charge follows the commit. An event of an unknown checkout is recorded with a
-- null status, for the operator.
--
-- `moved_totals` is that of settle_checkout.
-- outcome: paid or declined, because any other event would end the buyer's wait too early.
-- Locks: the event's record, then like settle_checkout.
create or replace function apply_payment_event(
  provider text,
  event_id text,
  checkout_id bigint,
  outcome text,
  provider_reference text,
  traceparent text default null
)
returns table (is_new boolean, status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_is_new boolean;
  v_moved_totals text[];
begin
  perform carry_trace(traceparent);
  v_is_new := note_payment_event(provider, event_id, checkout_id, outcome, provider_reference);
  perform from checkouts c where c.id = apply_payment_event.checkout_id;
  if found and v_is_new then
    select settled.moved_totals into v_moved_totals from settle_checkout(
      apply_payment_event.checkout_id, apply_payment_event.outcome,
      apply_payment_event.provider, apply_payment_event.provider_reference
    ) settled;
  end if;
  return query
    select v_is_new, (select c.status from checkouts c where c.id = apply_payment_event.checkout_id), v_moved_totals;
end;
$$;
comment on function apply_payment_event(text, text, bigint, text, text, text) is
  'Applies an event of a payment provider once and settles its checkout. Returns whether the event was new, and the '
  'checkout''s status.';
