-- profile: {name, origin_country, rates, upgrades}. A shop has at most 100 profiles, the default among them. Locks: the shop.
create or replace function add_shipping_profile(shop_id bigint, user_id bigint, profile jsonb)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
begin
  perform check_shop_owner(add_shipping_profile.shop_id, add_shipping_profile.user_id);
  perform check_shipping_profile(profile);
  perform from shops s where s.id = add_shipping_profile.shop_id for no key update;
  perform refuse_erased(add_shipping_profile.user_id);
  if (
    select count(*) >= 99 from shipping_profiles sp where sp.shop_id = add_shipping_profile.shop_id and not sp.is_default
  ) then
    raise exception using errcode = 'SWQTA', message = 'A shop has at most 100 shipping profiles. Remove one that you do not use.',
      detail = '{"quota": "shipping_profiles", "limit": 100}';
  end if;
  insert into shipping_profiles as sp (shop_id, name, origin_country)
  values (add_shipping_profile.shop_id, profile ->> 'name', profile ->> 'origin_country')
  returning sp.* into v_profile;
  perform put_rates(v_profile, profile -> 'rates');
  perform put_upgrades(v_profile, coalesce(profile -> 'upgrades', '[]'));
  return query select v_profile.id, shipping_profile_json(v_profile);
end;
$$;
comment on function add_shipping_profile(bigint, bigint, jsonb) is
  'Adds a shipping profile to a shop for its owner. SWNTF, SWOWN, SWINV, SWQTA.';
