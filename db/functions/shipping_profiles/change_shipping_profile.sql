-- changes: the changed fields of {name, origin_country, rates, upgrades}. A list replaces the whole list. A raise begins after the
-- checkouts that have locked the shop, and before those that wait for it. Locks: with new destinations
-- the listings of the profile by id; the profile; the shop.
create or replace function change_shipping_profile(profile_id bigint, user_id bigint, changes jsonb) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles := lock_shipping_profile(
    profile_id, user_id,
    -- Wrong rates name no places. They fail below.
    case when jsonb_typeof(changes -> 'rates') = 'array'
      then array(select r.rate ->> 'to' from jsonb_array_elements(changes -> 'rates') r (rate) order by r.rate ->> 'to') end
  );
  v_destinations constant text[] := profile_destinations(v_profile);
begin
  perform check_shipping_profile(changes);
  update shipping_profiles sp
  set name = coalesce(changes ->> 'name', sp.name),
    origin_country = case when changes ? 'origin_country' then changes ->> 'origin_country' else sp.origin_country end
  where sp.id = v_profile.id
  returning sp.* into v_profile;
  if changes -> 'rates' is not null then
    perform put_rates(v_profile, changes -> 'rates');
  end if;
  if changes -> 'upgrades' is not null then
    perform put_upgrades(v_profile, changes -> 'upgrades');
  end if;
  if v_profile.is_default then
    update shops s set has_rates = v.has_rates
    from (
      select exists (select from shipping_rates r where r.profile_id = v_profile.id)
        or exists (select from shipping_upgrades u where u.profile_id = v_profile.id) as has_rates
    ) v
    where s.id = v_profile.shop_id and s.has_rates <> v.has_rates;
  end if;
  if profile_destinations(v_profile) <> v_destinations then
    perform note_destinations(v_profile, profile_listings(v_profile));
  end if;
  return query select shipping_profile_json(v_profile);
end;
$$;
comment on function change_shipping_profile(bigint, bigint, jsonb) is
  'Changes a shipping profile for the owner of its shop. SWNTF, SWOWN, SWINV, SWWLD (the default without a rate to the world).';
