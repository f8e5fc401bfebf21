-- The caller has locked the checkout. A charge is refunded once, however often the provider reports it.
create or replace function owe_late_charge(checkout_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  insert into late_charges (payment_id, amount)
  select p.id, p.amount from payments p where p.checkout_id = owe_late_charge.checkout_id
  on conflict do nothing;
  if found then
    perform enqueue_job('refund_late_charge', jsonb_build_object('checkout_id', owe_late_charge.checkout_id));
  end if;
end;
$$;
comment on function owe_late_charge(bigint) is
  'Records a charge of a cancelled checkout, and enqueues the job that refunds it.';
