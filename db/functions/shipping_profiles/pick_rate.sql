-- rates: {destination: rate}. No search_path: inlined.
create or replace function pick_rate(rates jsonb, country text) returns jsonb
language sql immutable parallel safe
as $$
  select coalesce(rates -> country, case when is_in_eu(country) then rates -> 'eu' end, rates -> 'world')
$$;
comment on function pick_rate(jsonb, text) is 'Returns the rate of the most exact destination for a country (null: for the world).';
