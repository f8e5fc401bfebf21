-- The whole effect of a provider's report about the account of a shop. Each event has one record. An unknown account belongs to
-- another system of the provider's account. Locks: the event's record, then the account.
create or replace function apply_account_event(
  provider text, event_id text, provider_reference text, status text, requirements text[], traceparent text default null
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_shop_id bigint;
begin
  select a.shop_id into v_shop_id from payout_accounts a
  where a.provider = apply_account_event.provider and a.reference = apply_account_event.provider_reference;
  if not found then
    return;
  end if;
  perform carry_trace(traceparent);
  -- An event that is late must not take the place of a later one, and a repeated one is late.
  if note_payment_event(
    apply_account_event.provider, event_id, null, 'account_' || apply_account_event.status, apply_account_event.provider_reference
  ) then
    perform settle_payout_account(
      v_shop_id, apply_account_event.provider, apply_account_event.provider_reference, apply_account_event.status,
      apply_account_event.requirements
    );
  end if;
end;
$$;
comment on function apply_account_event(text, text, text, text, text[], text) is
  'Applies a provider''s report about the payout account of a shop, once.';
