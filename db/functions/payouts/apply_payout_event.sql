-- The whole effect of a provider's report about a payout, by webhook or from a list. Each event has one record. A repeated event is
-- applied again, because settle_payout is monotonic. A provider can report `failed` after `paid`: the bank sent the payout back.
--
-- Returns one row with a problem, or none. A problem changes no money, and a new one keeps the shop from further payouts:
-- unknown_payout, amount_differs (amount or currency), reference_differs (the provider has made it twice), paid_after_failed (the
-- money is available again here, and has left there).
-- Locks: the event's record, then like settle_payout.
create or replace function apply_payout_event(
  provider text, event_id text, payout_id bigint, outcome text, amount numeric, currency text, provider_reference text,
  failure_reason text default null, traceparent text default null
) returns table (problem text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_payout payouts;
  v_is_new boolean;
  v_problem text;
begin
  perform carry_trace(traceparent);
  v_is_new := note_payment_event(
    apply_payout_event.provider, event_id, null, 'payout_' || apply_payout_event.outcome, apply_payout_event.provider_reference
  );
  select p.* into v_payout from payouts p
  where p.id = apply_payout_event.payout_id and p.provider = apply_payout_event.provider
  for no key update;
  if not found then
    return query select 'unknown_payout';
    return;
  end if;
  v_problem := case
    when currency <> 'usd' or apply_payout_event.amount <> v_payout.amount then 'amount_differs'
    when apply_payout_event.provider_reference <> v_payout.provider_reference then 'reference_differs'
    when outcome = 'paid' and v_payout.status = 'failed' then 'paid_after_failed'
  end;
  if v_problem is null then
    perform settle_payout(
      v_payout.id,
      case when outcome = 'failed' and v_payout.status = 'paid' then 'returned' else outcome end,
      apply_payout_event.provider_reference, apply_payout_event.failure_reason
    );
    return;
  end if;
  if v_is_new then
    update payouts p set problem = v_problem where p.id = v_payout.id;
  end if;
  return query select v_problem;
end;
$$;
comment on function apply_payout_event(text, text, bigint, text, numeric, text, text, text, text) is
  'Applies a provider''s report about a payout. Returns a problem that an operator must look at, or no row.';
