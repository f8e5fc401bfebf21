-- It has the id of its shop, also before it has a row. So reading writes nothing, and a client can change what it read
-- (write_default_profile).
create or replace function find_default_profile(shop_id bigint) returns shipping_profiles
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
begin
  select sp.* into v_profile from shipping_profiles sp where sp.shop_id = find_default_profile.shop_id and sp.is_default;
  if not found then
    select s.id, s.id, 'Standard', true into v_profile.id, v_profile.shop_id, v_profile.name, v_profile.is_default
    from shops s where s.id = find_default_profile.shop_id;
  end if;
  return v_profile;
end;
$$;
comment on function find_default_profile(bigint) is
  'Returns the default shipping profile of a shop, as it would be if it has no row yet. Nulls: there is no such shop.';
