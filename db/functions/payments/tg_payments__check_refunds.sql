-- The argument is the column of the row that names the payment. The orders count too, so that no refund names the payment of
-- another order.
create or replace function tg_payments__check_refunds() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_payment_id constant bigint := to_jsonb(new) ->> tg_argv[0];
  v_payment payments;
begin
  select p.* into v_payment from payments p where p.id = v_payment_id;
  if v_payment.refunded <> (
    select coalesce(sum(r.amount), 0) from refunds r where r.payment_id = v_payment.id and r.status <> 'failed'
  )
    or v_payment.refunded <> (
      select coalesce(sum(o.refunded), 0) from orders o
      where o.checkout_id = v_payment.checkout_id and is_in_month_of(o.id, v_payment.checkout_id)
    )
  then
    raise exception using errcode = 'SWSUM',
      message = format('The refunds of payment %s do not add up to payments.refunded and orders.refunded.', v_payment.id);
  end if;
  return null;
end;
$$;
comment on function tg_payments__check_refunds() is
  'Refuses, at commit, refunds that do not add up to what was given back of their payment (SWSUM).';

create constraint trigger payments__check_refunds after update of refunded on payments
  deferrable initially deferred for each row execute function tg_payments__check_refunds('id');
create constraint trigger refunds__check_payment after insert or update on refunds
  deferrable initially deferred for each row execute function tg_payments__check_refunds('payment_id');
