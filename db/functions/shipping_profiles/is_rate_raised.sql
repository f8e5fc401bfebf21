-- A destination without a rate then had no postage that the buyer could have seen: the cart said not_shippable. So its first rate
-- counts as a raise. Without a rate now there is nothing to charge.
create or replace function is_rate_raised(rate jsonb, rates_when_added jsonb, country text) returns boolean
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_then constant jsonb := pick_rate(is_rate_raised.rates_when_added, is_rate_raised.country);
begin
  return rate is not null and coalesce(
    v_then is null
      or (rate ->> 'base')::numeric > (v_then ->> 'base')::numeric
      or (rate ->> 'per_extra_item')::numeric > (v_then ->> 'per_extra_item')::numeric,
    false
  );
end;
$$;
comment on function is_rate_raised(jsonb, jsonb, text) is
  'Whether a rate is above that to the same country when the line was added, or the first one to it.';
