-- Only writes what is owed; the job refund_payment asks the provider. The caller has locked the order. The unique order_id of
-- refunds refuses a second refund of one order.
create or replace function owe_refund(o orders, amount numeric) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_refund_id bigint;
begin
  update payments p
  set refunded = p.refunded + owe_refund.amount,
    status = case when p.refunded + owe_refund.amount = p.amount then 'refunded' else p.status end
  where p.checkout_id = o.checkout_id;
  insert into refunds (payment_id, order_id, amount)
  select p.id, o.id, owe_refund.amount from payments p where p.checkout_id = o.checkout_id
  returning refunds.id into v_refund_id;
  perform enqueue_job('refund_payment', jsonb_build_object('refund_id', v_refund_id));
end;
$$;
comment on function owe_refund(orders, numeric) is
  'Records that the buyer is owed an amount of one order, in US dollars, and enqueues the job that asks the provider for it.';
