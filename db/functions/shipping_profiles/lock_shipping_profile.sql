-- destinations: where the profile will go, sorted; null: no other places. Its listings are locked if they go to other places then.
-- Locks: these listings by id, the profile, the shop. Then reads the profile.
create or replace function lock_shipping_profile(profile_id bigint, user_id bigint, destinations text[] default null)
returns shipping_profiles
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
begin
  v_profile := find_profile(profile_id);
  if v_profile.id is not null then
    perform check_shop_owner(v_profile.shop_id, lock_shipping_profile.user_id);
    if v_profile.is_default then
      perform write_default_profile(v_profile.shop_id);
    end if;
    if destinations <> profile_destinations(v_profile) then
      perform from products p where p.id = any (profile_listings(v_profile)) order by p.id for no key update;
    end if;
    perform from shipping_profiles sp where sp.id = v_profile.id for no key update;
    perform from shops s where s.id = v_profile.shop_id for no key update;
    select sp.* into v_profile from shipping_profiles sp where sp.id = lock_shipping_profile.profile_id;
  end if;
  if v_profile.id is null then
    raise exception using errcode = 'SWNTF', message = 'There is no such shipping profile.';
  end if;
  perform refuse_erased(lock_shipping_profile.user_id);
  return v_profile;
end;
$$;
comment on function lock_shipping_profile(bigint, bigint, text[]) is
  'Locks a shipping profile and its shop for the owner, with the listings that will go to other places, and returns it. '
  'SWNTF, SWOWN.';
