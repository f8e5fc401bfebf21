-- The only way from the outcome of a payment to the orders, for any caller: the call that charged, a webhook or the job
-- settle_checkout. Monotonic: the first final outcome wins, and a repeated outcome changes nothing.
--
-- outcome: paid        the orders are paid, and a job of this transaction notifies the sellers
--          declined    the orders are cancelled, and stock and cart are restored
--          unavailable no money was charged: like declined, and the key can be used again. It counts only until lease_until,
--                      which place_checkout gave to the call that wrote the orders. If lease_until is null or has passed,
--                      another call may have charged, and the outcome stays open
--          abandoned   the provider does not know the charge, and no call can still request it: like unavailable
--          pending     the provider has not decided yet: the outcome stays open
--          requires_action  the buyer has to act first, by next_action (await_action): the outcome stays open. Like declined if
--                      has_too_many_actions; a job then cancels the charge at the provider
-- A charge that is paid after its orders were cancelled is refunded.
--
-- Returns the status of the checkout, and the response to its key: body or refusal, the other one is null
-- (store_checkout_response). moved_totals: the totals of the orders that this call moved to `status`, null if none, so that
-- metrics count each order once. Locks: the checkout, its orders by id, then like restock_orders.
create or replace function settle_checkout(
  checkout_id bigint,
  outcome text,
  provider text default null,
  provider_reference text default null,
  request_id text default null,
  traceparent text default null,
  lease_until timestamptz default null,
  next_action jsonb default null
)
returns table (status text, body text, refusal jsonb, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
-- The statements name a range of ids, the month of the checkout. PostgreSQL would plan them in each call, which takes half of
-- this function's time. The plans are look-ups by id for every month.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_checkout checkouts;
  v_final_outcome text;
begin
  perform carry_trace(traceparent);
  if outcome is null or outcome not in ('paid', 'declined', 'unavailable', 'abandoned', 'pending', 'requires_action') then
    raise exception using errcode = 'SWINV',
      message = format('%L is not a payment outcome.', outcome), detail = '{"field": "outcome"}';
  end if;
  select c.* into v_checkout from checkouts c where c.id = settle_checkout.checkout_id for update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such checkout.';
  end if;
  if v_checkout.status = 'pending' then
    v_final_outcome := case
      when outcome in ('paid', 'declined') then outcome
      when outcome = 'abandoned' or outcome = 'unavailable' and lease_until > clock_timestamp() then 'unavailable'
      -- Not for a repeated call: await_action has given the checkout its time.
      when outcome = 'requires_action' and not v_checkout.is_given_up
        and v_checkout.charge_until < action_deadline(v_checkout)
        and has_too_many_actions(v_checkout) then 'declined'
    end;
  end if;
  update payments p
  set status = case
      when v_checkout.is_given_up and v_final_outcome <> 'paid' then 'cancelled'
      when v_final_outcome = 'unavailable' then 'failed'
      else coalesce(v_final_outcome, p.status)
    end,
    next_action = case when v_final_outcome is null then p.next_action end,
    provider = coalesce(settle_checkout.provider, p.provider),
    provider_reference = coalesce(settle_checkout.provider_reference, p.provider_reference)
  where p.checkout_id = v_checkout.id
    -- A final payment keeps its provider, so that a refund finds its charge.
    and (p.status in ('pending', 'requires_action')
      or settle_checkout.outcome = 'paid' and p.status in ('declined', 'cancelled', 'failed'));

  if v_final_outcome = 'paid' then
    v_checkout := confirm_payment(v_checkout);
  elsif v_final_outcome is not null then
    v_checkout := cancel_checkout(v_checkout, v_final_outcome);
    if outcome = 'requires_action' then
      perform enqueue_job('settle_checkout', jsonb_build_object('checkout_id', v_checkout.id));
    end if;
  elsif v_checkout.status = 'pending' and outcome = 'requires_action' then
    perform await_action(v_checkout, next_action);
  elsif v_checkout.status = 'cancelled' and outcome = 'paid' then
    perform owe_late_charge(v_checkout.id);
  end if;
  if v_final_outcome is not null then
    moved_totals := order_totals(v_checkout.id);
  end if;
  status := v_checkout.status;
  select a.body, a.refusal into body, refusal from store_checkout_response(v_checkout, settle_checkout.request_id) a;
  return next;
end;
$$;
comment on function settle_checkout(bigint, text, text, text, text, text, timestamptz, jsonb) is
  'Applies the outcome of a payment to a checkout and its orders: paid, declined, unavailable, abandoned, still pending or '
  'requires_action. SWNTF, SWINV.';
