-- The caller has locked the order. ship_by is set when an order is paid.
create or replace function check_refundable(o orders, amount numeric) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_left constant numeric := o.total - o.refunded;
  v_payment payments;
begin
  if o.ship_by is null or v_left = 0 then
    raise exception using errcode = 'SWSTA', message = format('The order is %s. It cannot become refunded.', o.status),
      detail = json_build_object('order_status', o.status);
  elsif amount > v_left then
    perform refuse_refund(o, format('Only $%s of this order can still be refunded.', v_left));
  end if;
  select p.* into v_payment from payments p where p.checkout_id = o.checkout_id;
  if exists (select from disputes d where d.payment_id = v_payment.id and d.status = 'open') then
    raise exception using errcode = 'SWDSP',
      message = 'The buyer disputes the payment at the bank. The bank decides about the money.';
  end if;
  perform check_lost_disputes(v_payment, v_payment.refunded + check_refundable.amount);
end;
$$;
comment on function check_refundable(orders, numeric) is
  'Refuses a refund of an order that is not paid, or that exceeds what is left of it. SWSTA, SWRFX, SWDSP (a dispute).';
