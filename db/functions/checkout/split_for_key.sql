-- The second step of place_checkout. The caller has claimed the key. An error by one of our rules becomes the response of the
-- key, and each retry gets it. Only invalid input (SWINV) leaves the key free for valid input.
-- If forget_keys has deleted the record of a key, its orders exist already: the split returns them and writes none.
create or replace function split_for_key(
  buyer_id bigint, call text, idempotency_key text, fingerprint bytea, shipping_address jsonb, payment_method text,
  expected_total numeric, request_id text, amount_limits jsonb, notes jsonb,
  shipping_address_id bigint, shipping_options jsonb
)
returns table (checkout checkouts, refusal jsonb, placed_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_address jsonb;
  v_message text;
  v_detail text;
begin
  checkout := find_checkout(buyer_id, idempotency_key);
  if checkout.id is null then
    v_address := chosen_address(buyer_id, shipping_address, shipping_address_id);
    perform check_address(v_address, requires_postal_code => true);
    begin
      checkout := split_cart(
        buyer_id, idempotency_key, v_address, payment_method, expected_total, amount_limits, fingerprint, notes,
        shipping_options
      );
      placed_totals := order_totals(checkout.id);
    exception
      -- All SQLSTATEs of the class SW.
      when sqlstate 'SW000' then
        if sqlstate = 'SWINV' then
          raise;
        end if;
        get stacked diagnostics v_message = message_text, v_detail = pg_exception_detail;
        refusal := jsonb_build_object('code', sqlstate, 'message', v_message, 'request_id', request_id,
          'detail', coalesce(nullif(v_detail, ''), '{}')::jsonb);
        perform store_response(buyer_id, call, idempotency_key, null, null, refusal);
    end;
  elsif checkout.fingerprint <> substr(split_for_key.fingerprint, 1, 16) then
    raise exception using errcode = 'SWIDM', message = 'This Idempotency-Key belongs to another request. Send a new key.';
  end if;
  if refusal is null then
    update idempotency_keys k set checkout_id = checkout.id
    where k.user_id = split_for_key.buyer_id and k.call = split_for_key.call and k.key = split_for_key.idempotency_key;
  end if;
  return next;
end;
$$;
comment on function split_for_key(bigint, text, text, bytea, jsonb, text, numeric, text, jsonb, jsonb, bigint, jsonb) is
  'Splits a cart for a claimed key, or stores and returns the error. SWINV: the address, the total, a note or an upgrade. SWIDM: another '
  'request has the key.';
