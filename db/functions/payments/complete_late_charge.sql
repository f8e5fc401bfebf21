create or replace function complete_late_charge(checkout_id bigint, provider_reference text) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update late_charges lc set status = 'refunded', provider_reference = complete_late_charge.provider_reference
  from payments p
  where p.checkout_id = complete_late_charge.checkout_id and lc.payment_id = p.id and lc.status = 'pending'
$$;
comment on function complete_late_charge(bigint, text) is 'Records that the provider has refunded a late charge.';
