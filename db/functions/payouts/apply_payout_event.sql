-- The whole effect of a provider's report about a payout, by webhook or from a list. Each event has one record. A repeated event is
-- applied again, because settle_payout is monotonic. A provider can report `failed` after `paid`: the bank sent the payout back.
-- Returns one row with a problem, or none. Locks: the event's record, then like settle_payout.
create or replace function apply_payout_event(
  provider text, event_id text, payout_id bigint, outcome text, provider_reference text, failure_reason text default null,
  traceparent text default null
) returns table (problem text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payout payouts;
begin
  perform carry_trace(traceparent);
  perform note_payment_event(
    apply_payout_event.provider, event_id, null, 'payout_' || apply_payout_event.outcome, apply_payout_event.provider_reference
  );
  select p.* into v_payout from payouts p
  where p.id = apply_payout_event.payout_id and p.provider = apply_payout_event.provider
  for no key update;
  if not found then
    return query select 'unknown_payout';
    return;
  end if;
  perform settle_payout(
    v_payout.id,
    case when outcome = 'failed' and v_payout.status = 'paid' then 'returned' else outcome end,
    apply_payout_event.provider_reference, apply_payout_event.failure_reason
  );
end;
$$;
comment on function apply_payout_event(text, text, bigint, text, text, text, text) is
  'Applies a provider''s report about a payout. Returns a problem that an operator must look at, or no row.';
