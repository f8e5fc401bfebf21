-- The caller has locked the order. The unique order_id of refunds refuses a second refund of one order; a job asks the provider.
create or replace function refund_payment(o orders, amount numeric) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_refund_id bigint;
begin
  update payments p
  set refunded = p.refunded + refund_payment.amount,
    status = case when p.refunded + refund_payment.amount = p.amount then 'refunded' else p.status end
  where p.checkout_id = o.checkout_id;
  insert into refunds (payment_id, order_id, amount)
  select p.id, o.id, refund_payment.amount from payments p where p.checkout_id = o.checkout_id
  returning refunds.id into v_refund_id;
  perform enqueue_job('refund_payment', jsonb_build_object('refund_id', v_refund_id));
end;
$$;
comment on function refund_payment(orders, numeric) is
  'Owes the buyer an amount of one order, in US dollars, and enqueues the job that asks the provider to pay it back.';
