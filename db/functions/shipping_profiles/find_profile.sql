create or replace function find_profile(profile_id bigint) returns shipping_profiles
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
begin
  select sp.* into v_profile from shipping_profiles sp where sp.id = find_profile.profile_id;
  if not found then
    -- A default profile without a row has the id of its shop.
    v_profile := find_default_profile(find_profile.profile_id);
  end if;
  return v_profile;
end;
$$;
comment on function find_profile(bigint) is 'Returns a shipping profile, or nulls if no profile has this id.';
