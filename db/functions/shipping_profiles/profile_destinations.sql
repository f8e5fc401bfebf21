create or replace function profile_destinations(profile shipping_profiles) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return array(select r.destination from profile_rates(profile) r order by r.destination);
end;
$$;
comment on function profile_destinations(shipping_profiles) is
  'Returns where a shipping profile goes, sorted: country codes, eu, world.';
