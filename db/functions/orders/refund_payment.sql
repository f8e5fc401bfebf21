-- The unique order_id of refunds makes a second refund of one order impossible; the provider is asked by a job.
create or replace function refund_payment(o orders) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_refund_id bigint;
begin
  update payments p
  set refunded = p.refunded + o.total,
    status = case when p.refunded + o.total = p.amount then 'refunded' else p.status end
  where p.checkout_id = o.checkout_id;
  insert into refunds (payment_id, order_id, amount)
  select p.id, o.id, o.total from payments p where p.checkout_id = o.checkout_id
  returning refunds.id into v_refund_id;
  perform enqueue_job('refund_payment', jsonb_build_object('refund_id', v_refund_id));
end;
$$;
comment on function refund_payment(orders) is 'Owes the buyer the total of one order back and enqueues the job that asks the provider for it.';
