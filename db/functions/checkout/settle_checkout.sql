-- The only way a payment's outcome reaches the orders, whoever brings it: the call that charged, a webhook, the job or the
-- reconciler. Monotonic: the first final outcome wins, and bringing it again changes nothing.
--
-- outcome: paid        the orders are paid and every seller is notified, by jobs of this transaction
--          declined    the orders are cancelled, stock and cart are back; the answer to the key is the refusal 402
--          unavailable nothing was charged: as declined, and the key is free to be tried again (503). Only the call that
--                      placed the checkout can know that: later ones, whose predecessor may have charged, leave it open
--          abandoned   the provider says that it never heard of the charge, and nobody asks for it any more: as unavailable
--          pending     the provider has not said yet: the answer to the key is 202, and the outcome stays open
-- A charge that turns out paid after its orders were cancelled is refunded.
--
-- Locks: the checkout, its orders by id, then as restock_orders does. Answers what to send; body or refusal is null.
-- `moved_totals` are the totals of the orders that this very call has moved to `status`, null where it moved none: metrics
-- count those, so that of many callers one counts.
-- Raises SWNTF (no such checkout), SWINV (an outcome that nobody knows).
create or replace function settle_checkout(
  checkout_id bigint,
  outcome text,
  provider text default null,
  provider_reference text default null,
  request_id text default null,
  traceparent text default null
)
returns table (status text, status_code integer, body text, refusal jsonb, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
-- Its statements name a range of ids, the month of the checkout, for which PostgreSQL would plan anew in each call: half of this
-- function's time (docs/PERFORMANCE.md). The plans are look-ups by id, whatever the month.
set plan_cache_mode = force_generic_plan
as $$
declare
  -- place_checkout's lease: until then no second call charges.
  v_first_call_s constant integer := 8;
  v_is_uncharged boolean;
  v_was_pending boolean;
  v_checkout checkouts;
  v_status_code integer;
  v_body text;
  v_refusal jsonb;
  v_moved_totals text[];
begin
  perform carry_trace(traceparent);
  if outcome is null or outcome not in ('paid', 'declined', 'unavailable', 'abandoned', 'pending') then
    raise exception using errcode = 'SWINV',
      message = format('%L is not a payment outcome.', outcome), detail = '{"field": "outcome"}';
  end if;
  select c.* into v_checkout from checkouts c where c.id = settle_checkout.checkout_id for update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such checkout.';
  end if;
  update payments p
  set provider = coalesce(settle_checkout.provider, p.provider),
    provider_reference = coalesce(settle_checkout.provider_reference, p.provider_reference)
  where p.checkout_id = v_checkout.id
    -- What is final keeps its provider: a refund must find the charge it gives back.
    and (p.status = 'pending' or settle_checkout.outcome = 'paid' and p.status in ('declined', 'failed'));

  v_is_uncharged := outcome = 'abandoned'
    or outcome = 'unavailable' and v_checkout.created_at + make_interval(secs => v_first_call_s) > clock_timestamp();
  if v_checkout.status = 'pending' and outcome = 'paid' then
    perform confirm_payment(v_checkout.id);
  elsif v_checkout.status = 'pending' and outcome = 'declined' then
    perform cancel_checkout(v_checkout, 'declined');
  elsif v_checkout.status = 'pending' and v_is_uncharged then
    perform cancel_checkout(v_checkout, 'unavailable');
  elsif v_checkout.status = 'cancelled' and outcome = 'paid' then
    perform owe_late_charge(v_checkout.id);
  end if;

  v_was_pending := v_checkout.status = 'pending';
  select c.* into v_checkout from checkouts c where c.id = settle_checkout.checkout_id;
  if v_was_pending and v_checkout.status <> 'pending' then
    v_moved_totals := array(
      select o.total::text from orders o
      where o.checkout_id = v_checkout.id and is_of_checkout(o.id, v_checkout.id)
    );
  end if;
  if v_checkout.status <> 'pending' and v_checkout.settle_job_id is not null then
    delete from pgboss.job j
    where j.name = 'settle_checkout' and j.id = v_checkout.settle_job_id and j.state in ('created', 'retry');
    update checkouts c set settle_job_id = null where c.id = v_checkout.id;
  end if;
  if v_checkout.status = 'cancelled' then
    -- Whoever brings the outcome, every answer to the key names one request.
    v_refusal := refuse_payment(v_checkout.id, coalesce(request_id, gen_random_uuid()::text));
  else
    v_status_code := case v_checkout.status when 'paid' then 201 else 202 end;
    v_body := checkout_json(v_checkout.id)::text;
  end if;
  perform answer_key(v_checkout.buyer_id, 'POST /v1/checkout', v_checkout.idempotency_key, v_status_code, v_body, v_refusal);
  -- What was answered first is what is answered: another caller may have settled this checkout before.
  return query
    select
      v_checkout.status,
      case when k.key is null then v_status_code else k.status_code end,
      case when k.key is null then v_body else k.body end,
      case when k.key is null then v_refusal else k.refusal end,
      v_moved_totals
    from (select) here
    left join idempotency_keys k
      on k.user_id = v_checkout.buyer_id and k.call = 'POST /v1/checkout' and k.key = v_checkout.idempotency_key;
end;
$$;
comment on function settle_checkout(bigint, text, text, text, text, text) is
  'Moves a checkout and its orders to what the payment became: paid, declined, unavailable, abandoned or still pending. SWNTF, SWINV.';
