create or replace function reconcile_charge(provider text, payment_reference text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform enqueue_job('reconcile_provider', asked.data)
  from payments p cross join lateral (select jsonb_build_object('payment_id', p.id) as data) asked
  where p.provider = reconcile_charge.provider and p.provider_reference = reconcile_charge.payment_reference
    and not has_live_job('reconcile_provider', asked.data);
end;
$$;
comment on function reconcile_charge(text, text) is
  'Enqueues a question to the provider about the refunds and disputes of a charge, unless one waits. Ignores an unknown charge.';
