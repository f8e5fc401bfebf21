-- A reversal that was made at the provider took money of a shop that the ledger does not know of: an operator looks at it, and books
-- it with adjust_balance. Each event has one record. Locks: the event's record.
create or replace function apply_reversal_event(
  provider text, event_id text, transfer_reference text, provider_reference text, traceparent text default null
) returns table (problem text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform carry_trace(traceparent);
  if note_payment_event(
    apply_reversal_event.provider, event_id, null, 'transfer_reversed', apply_reversal_event.provider_reference
  ) then
    return query
      select case when count(*) = 0 then 'unknown_transfer' else 'reversed_at_provider' end
      from transfers t where t.provider_reference = apply_reversal_event.transfer_reference;
  end if;
end;
$$;
comment on function apply_reversal_event(text, text, text, text, text) is
  'Records a reversal that was made at the provider. Returns a problem that an operator must look at.';
