-- The 27 members: https://european-union.europa.eu/principles-countries-history/eu-countries_en (2026). Territories with a code of
-- their own, such as RE, are separate destinations. No search_path: inlined.
create or replace function is_in_eu(country text) returns boolean
language sql immutable parallel safe
as $$
  select country = any ('{AT,BE,BG,CY,CZ,DE,DK,EE,ES,FI,FR,GR,HR,HU,IE,IT,LT,LU,LV,MT,NL,PL,PT,RO,SE,SI,SK}')
$$;
comment on function is_in_eu(text) is 'Whether a country is a member of the European Union. Null for a null country.';
