create or replace function payment_refusal_json(checkout_id bigint, request_id text) returns jsonb
language sql stable
set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'code', case p.status when 'declined' then 'SWDCL' when 'cancelled' then 'SWCHK' else 'SWPAY' end,
    'message', case p.status
      when 'declined' then 'The payment was declined. The items are back in the cart.'
      when 'cancelled' then 'The checkout was cancelled by its buyer. The items are back in the cart.'
      else 'The payment provider cannot be reached. Nothing was charged and the items are back in the cart.'
    end,
    'detail', jsonb_build_object('checkout_id', p.checkout_id),
    'request_id', payment_refusal_json.request_id
  )
  from payments p
  where p.checkout_id = payment_refusal_json.checkout_id
$$;
comment on function payment_refusal_json(bigint, text) is
  'Renders the refusal of a checkout with a failed payment: SWDCL, SWCHK (given up) or SWPAY.';
