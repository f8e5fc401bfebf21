-- key: the refund that the outcome is about. After a failure the key is another one, so that a late report about the failed
-- refund changes nothing. An operator can also give a failed one back at the provider.
create or replace function settle_late_charge(
  checkout_id bigint, key text, outcome text, provider_reference text default null, failure_reason text default null
)
returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update late_charges lc
  set status = outcome, failure_reason = settle_late_charge.failure_reason,
    failures = lc.failures + (outcome = 'failed')::integer,
    provider_reference = case
      when outcome <> 'failed' then coalesce(settle_late_charge.provider_reference, lc.provider_reference)
    end
  from payments p
  where p.checkout_id = settle_late_charge.checkout_id and lc.payment_id = p.id
    and key = late_charge_key(p.checkout_id, lc.failures)
    and lc.status <> outcome and not (lc.status = 'refunded' and outcome = 'sent')
$$;
comment on function settle_late_charge(bigint, text, text, text, text) is
  'Applies the provider''s outcome of the refund of a late charge: sent, refunded or failed.';
