create or replace function is_rate_raised(rate jsonb, rates_when_added jsonb, country text) returns boolean
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_then constant jsonb := pick_rate(is_rate_raised.rates_when_added, is_rate_raised.country);
begin
  return coalesce(
    (rate ->> 'base')::numeric > (v_then ->> 'base')::numeric
      or (rate ->> 'per_extra_item')::numeric > (v_then ->> 'per_extra_item')::numeric,
    false
  );
end;
$$;
comment on function is_rate_raised(jsonb, jsonb, text) is
  'Whether a rate is above that to the same country when the line was added. Without a rate then, it is not.';
