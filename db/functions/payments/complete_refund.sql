create or replace function complete_refund(refund_id bigint, provider_reference text) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update refunds r set status = 'refunded', provider_reference = complete_refund.provider_reference
  where r.id = complete_refund.refund_id and r.status = 'pending'
$$;
comment on function complete_refund(bigint, text) is 'Records that the provider has paid a refund.';
