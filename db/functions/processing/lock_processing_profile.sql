-- Profiles are public, so another user gets SWOWN and not SWNTF.
create or replace function lock_processing_profile(profile_id bigint, user_id bigint) returns processing_profiles
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile processing_profiles;
begin
  select pp.* into v_profile from processing_profiles pp where pp.id = profile_id for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such processing profile.';
  end if;
  perform check_shop_owner(v_profile.shop_id, lock_processing_profile.user_id);
  perform refuse_erased(lock_processing_profile.user_id);
  return v_profile;
end;
$$;
comment on function lock_processing_profile(bigint, bigint) is
  'Locks a processing profile for its shop''s owner and returns its row. SWNTF, SWOWN.';
