create or replace function owe_late_charge_again(checkout_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update late_charges lc set status = 'pending', provider_reference = null, failure_reason = null
  from payments p
  where p.checkout_id = owe_late_charge_again.checkout_id and lc.payment_id = p.id and lc.status = 'failed';
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no late charge of this checkout whose refund failed.';
  end if;
  perform enqueue_job('refund_late_charge', jsonb_build_object('checkout_id', owe_late_charge_again.checkout_id));
end;
$$;
comment on function owe_late_charge_again(bigint) is
  'Makes the failed refund of a late charge again, for an operator. SWNTF.';
