-- A shop has a row when its profiles are first read or changed. Two callers at once write one.
create or replace function find_default_profile(shop_id bigint) returns shipping_profiles
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
begin
  select sp.* into v_profile from shipping_profiles sp where sp.shop_id = find_default_profile.shop_id and sp.is_default;
  if not found then
    insert into shipping_profiles (shop_id, name, is_default) values (find_default_profile.shop_id, 'Standard', true)
    on conflict do nothing;
    select sp.* into v_profile from shipping_profiles sp where sp.shop_id = find_default_profile.shop_id and sp.is_default;
  end if;
  return v_profile;
end;
$$;
comment on function find_default_profile(bigint) is
  'Returns the default shipping profile of a shop. Writes its row if the shop has none yet.';
