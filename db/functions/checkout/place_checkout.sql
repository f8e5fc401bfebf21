-- The part of a checkout before the payment, in one transaction: claims the key (claim_key), then splits the cart
-- (split_for_key), then decides the next step. settle_checkout is the part after the payment. If the API process dies before it,
-- the worker settles the checkout (enqueue_stuck_checkouts). `call` and `lease_s` are those of claim_key.
--
-- The record of the key comes first, so that a second call with the key waits here and changes nothing. Returns one row.
-- `step` is the caller's next action:
--   charge  the orders are written: ask the provider for `amount`, then call settle_checkout with `lease_until`
--   replay  the key has a response, body or refusal: send it again
--   refuse  only the error was stored: send it
-- placed_totals: the totals of the orders that this call wrote, null if it wrote none, so that metrics count each order once.
-- lease_until: null if an earlier call wrote the orders and may have charged. settle_checkout then ignores `unavailable`.
-- A call that finds the key without a response after its lease (the first process died) charges too. The provider uses the id of
-- the checkout as its key, so two requests charge once. After checkouts.charge_until only the worker settles the payment;
-- until it has, the call fails with SWIDP.
--
-- amount_limits: the least and largest amount that the provider charges, as {min, max} in US dollars. notes: as in
-- checkout_split_orders. shipping_options: [{shop_id, upgrade_id}], at most one a shop of the cart, or null. shipping_address is null if shipping_address_id names an address of the buyer's address book.
--
-- Raises SWIDP (the first call is still running), SWIDM (the key came with another body before, however long ago), SWKEY (too
-- many keys in a day), SWPAY (the provider is known to be down: before any stock is taken, but never instead of a stored
-- response), SWINV (an unknown country in the address, a missing postal code, an address that is not in the
-- buyer's address book, or a note or an upgrade for a shop that is not in the cart or comes twice, or an
-- upgrade that does not apply).
create or replace function place_checkout(
  buyer_id bigint,
  call text,
  idempotency_key text,
  fingerprint bytea,
  lease_s integer,
  shipping_address jsonb,
  payment_method text,
  expected_total numeric,
  request_id text,
  provider_available boolean default true,
  quota_scale numeric default null,
  amount_limits jsonb default null,
  notes jsonb default null,
  shipping_address_id bigint default null,
  shipping_options jsonb default null
)
returns table (
  step text, checkout_id bigint, amount numeric, lease_until timestamptz, body text, refusal jsonb, placed_totals text[]
)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_claim record;
  v_split record;
  v_checkout checkouts;
begin
  select * into v_claim from claim_key(buyer_id, call, idempotency_key, fingerprint, lease_s, quota_scale);
  if not v_claim.has_response and not provider_available then
    raise exception using errcode = 'SWPAY', message = 'The payment provider cannot be reached. Nothing was ordered or charged.';
  elsif v_claim.has_response or v_claim.checkout_id is not null then
    select c.* into v_checkout from checkouts c where c.id = v_claim.checkout_id;
  else
    select * into v_split from split_for_key(
      buyer_id, call, idempotency_key, fingerprint, shipping_address, payment_method, expected_total, request_id, amount_limits,
      notes, shipping_address_id, shipping_options
    );
    v_checkout := v_split.checkout;
    refusal := v_split.refusal;
    placed_totals := v_split.placed_totals;
  end if;
  checkout_id := v_checkout.id;
  if v_claim.has_response then
    step := 'replay';
    body := v_claim.body;
    refusal := v_claim.refusal;
  elsif refusal is not null then
    step := 'refuse';
  elsif v_checkout.status <> 'pending' then
    -- The record of the key was deleted (forget_keys), but its checkout is settled and is never charged again.
    step := 'replay';
    select a.body, a.refusal into body, refusal from store_checkout_response(v_checkout, place_checkout.request_id) a;
  elsif v_checkout.charge_until < clock_timestamp() then
    raise exception using errcode = 'SWIDP', message = 'In progress';
  else
    step := 'charge';
    amount := v_checkout.total;
    lease_until := case when placed_totals is not null then v_claim.lease_until end;
  end if;
  return next;
end;
$$;
comment on function place_checkout(
  bigint, text, text, bytea, integer, jsonb, text, numeric, text, boolean, numeric, jsonb, jsonb, bigint, jsonb
) is
  'Claims the key and splits the cart. Returns whether to charge, or the stored response. SWIDP, SWIDM, SWKEY, SWPAY, SWINV.';
