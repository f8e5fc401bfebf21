create or replace function refuse_payment(checkout_id bigint, request_id text) returns jsonb
language sql stable
set search_path = public, pg_temp
as $$
  select jsonb_build_object(
    'code', case p.status when 'declined' then 'SWDCL' else 'SWPAY' end,
    'message', case p.status
      when 'declined' then 'The payment was declined. The items are back in the cart.'
      else 'The payment provider cannot be reached. Nothing was charged and the items are back in the cart.'
    end,
    'detail', jsonb_build_object('checkout_id', p.checkout_id),
    'request_id', refuse_payment.request_id
  )
  from payments p
  where p.checkout_id = refuse_payment.checkout_id
$$;
comment on function refuse_payment(bigint, text) is 'Returns the error of a checkout with a failed payment: SWDCL or SWPAY.';
