-- What POST /v1/checkout does before the payment, in one statement and one transaction: claims the key, splits the cart,
-- enqueues the job that settles the payment should this process die.
--
-- The record of the key comes first, so that a second call with the key waits here and touches nothing. Answers one row;
-- `step` says what to do next:
--   charge  the orders are written: ask the provider for `amount` and call settle_checkout
--   answer  the key has its answer: send `status_code` and `body` again, or render `refusal`
--   refused nothing was written but the refusal itself: render it
-- `placed_totals` are the totals of the orders that this very call has written, null where it wrote none: metrics count those.
-- A call that finds the key unanswered after its lease (the first process died) is told to charge too: the provider takes
-- our checkout id as its own key, so asking twice charges once. Not for ever, though: after checkouts.charge_until the job that
-- settles the payment decides alone, and until it has the call is in progress.
--
-- Raises SWIDP (the first call is still running), SWIDM (the key came with another body before), SWKEY (too many keys in a day), SWPAY (the provider is known
-- to be away: said before any stock is touched, but never instead of an answer that the key has), SWINV (an address whose
-- country is unknown, or which lacks the postal code that its country needs).
create or replace function place_checkout(
  buyer_id bigint,
  idempotency_key text,
  fingerprint bytea,
  shipping_address jsonb,
  payment_method text,
  expected_total numeric,
  request_id text,
  provider_available boolean default true,
  traceparent text default null,
  quota_scale numeric default null
)
returns table (
  step text, checkout_id bigint, amount numeric, status_code integer, body text, refusal jsonb, placed_totals text[]
)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  -- Longer than the provider may take (5 s), shorter than a person waits before trying again.
  v_lease_s constant integer := 8;
  -- By then the first call has answered, or it never will.
  v_settle_after_s constant integer := 10;
  v_claim record;
  v_checkout_id bigint;
  v_checkout checkouts;
  v_message text;
  v_detail text;
  v_refusal jsonb;
  v_is_placed boolean;
  v_placed_totals text[];
begin
  perform carry_trace(traceparent);
  select * into v_claim from claim_key(buyer_id, 'POST /v1/checkout', idempotency_key, fingerprint, v_lease_s, quota_scale);
  if v_claim.answered then
    return query
      select 'answer', v_claim.checkout_id, null::numeric, v_claim.status_code, v_claim.body, v_claim.refusal, null::text[];
    return;
  elsif not provider_available then
    raise exception using errcode = 'SWPAY', message = 'The payment provider cannot be reached. Nothing was ordered or charged.';
  end if;
  v_checkout_id := v_claim.checkout_id;
  if v_checkout_id is null then
    -- What is wrong with the address is no answer to remember: the key is free for the right one.
    perform check_country(shipping_address);
    perform check_postal_code(shipping_address);
    -- A key whose record was tidied away has its orders already: the split returns them and writes none.
    v_is_placed := exists (
      select from checkouts c
      where c.buyer_id = place_checkout.buyer_id and c.idempotency_key = place_checkout.idempotency_key
    );
    begin
      select min(split.checkout_id), array_agg(split.total::text) filter (where not v_is_placed)
      into v_checkout_id, v_placed_totals
      from checkout_split_orders(
        place_checkout.buyer_id, place_checkout.idempotency_key, place_checkout.shipping_address,
        place_checkout.payment_method, place_checkout.expected_total
      ) split;
    exception
      when sqlstate 'SWCRT' or sqlstate 'SWSTK' or sqlstate 'SWRES' or sqlstate 'SWVAC' or sqlstate 'SWOWI' or sqlstate 'SWPRC'
        or sqlstate 'SWINV' then
        get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
        v_refusal := jsonb_build_object('code', sqlstate, 'message', v_message, 'request_id', request_id,
          'detail', coalesce(nullif(v_detail, ''), '{}')::jsonb);
        perform answer_key(buyer_id, 'POST /v1/checkout', idempotency_key, null, null, v_refusal);
        return query select 'refused', null::bigint, null::numeric, null::integer, null::text, v_refusal, null::text[];
        return;
    end;
    update checkouts c
    set settle_job_id = enqueue_job('settle_checkout', jsonb_build_object('checkout_id', c.id), v_settle_after_s)
    where c.id = v_checkout_id and c.status = 'pending' and c.settle_job_id is null;
    update idempotency_keys k set checkout_id = v_checkout_id
    where k.user_id = place_checkout.buyer_id and k.call = 'POST /v1/checkout' and k.key = place_checkout.idempotency_key;
  end if;
  select c.* into v_checkout from checkouts c where c.id = v_checkout_id;
  if v_checkout.status = 'pending' and v_checkout.charge_until < clock_timestamp() then
    raise exception using errcode = 'SWIDP', message = 'In progress';
  elsif v_checkout.status = 'pending' then
    return query select 'charge', v_checkout.id, v_checkout.total, null::integer, null::text, null::jsonb, v_placed_totals;
    return;
  end if;
  -- A key whose record was tidied away still names its checkout: what is settled is answered, and never charged again.
  perform answer_key(
    buyer_id, 'POST /v1/checkout', idempotency_key,
    case v_checkout.status when 'paid' then 201 end,
    case v_checkout.status when 'paid' then checkout_json(v_checkout.id)::text end,
    case v_checkout.status when 'cancelled' then refuse_payment(v_checkout.id, place_checkout.request_id) end
  );
  return query
    select 'answer', v_checkout.id, v_checkout.total, k.status_code, k.body, k.refusal, null::text[]
    from idempotency_keys k
    where k.user_id = place_checkout.buyer_id and k.call = 'POST /v1/checkout' and k.key = place_checkout.idempotency_key;
end;
$$;
comment on function place_checkout(bigint, text, bytea, jsonb, text, numeric, text, boolean, text, numeric) is
  'Claims the key and splits the cart; says whether to charge, or what was answered before. SWIDP, SWIDM, SWKEY, SWPAY, SWINV.';
