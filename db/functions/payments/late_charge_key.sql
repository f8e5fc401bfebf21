-- A provider replays the failure of a refund for its old key, so the next refund has another one. No search_path: inlined.
create or replace function late_charge_key(checkout_id bigint, failures integer) returns text
language sql immutable
as $$
  select 'late_' || checkout_id::text || case failures when 0 then '' else '_' || failures::text end
$$;
comment on function late_charge_key(bigint, integer) is 'Returns the key under which the provider refunds a late charge.';
