-- The caller has locked the order. ship_by is set when an order is paid. write_refund compares with lost disputes.
create or replace function check_refundable(o orders) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if o.ship_by is null or o.refunded = o.total then
    raise exception using errcode = 'SWSTA', message = format('The order is %s. It cannot become refunded.', o.status),
      detail = json_build_object('order_status', o.status);
  elsif exists (
    select from payments p join disputes d on d.payment_id = p.id where p.checkout_id = o.checkout_id and d.status = 'open'
  ) then
    raise exception using errcode = 'SWDSP',
      message = 'The buyer disputes the payment at the bank. The bank decides about the money.';
  end if;
end;
$$;
comment on function check_refundable(orders) is
  'Refuses a refund of an order that is not paid, that has nothing left, or whose payment is disputed. SWSTA, SWDSP.';
