create or replace function note_payment_event(
  provider text, event_id text, checkout_id bigint, outcome text, provider_reference text
)
returns boolean
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  insert into payment_events (provider, event_id, checkout_id, outcome, provider_reference)
  values (
    note_payment_event.provider, note_payment_event.event_id, note_payment_event.checkout_id,
    note_payment_event.outcome, note_payment_event.provider_reference
  )
  on conflict on constraint payment_events_pkey do nothing;
  return found;
end;
$$;
comment on function note_payment_event(text, text, bigint, text, text) is
  'Records an event of a payment provider, once. Returns whether it is new.';
