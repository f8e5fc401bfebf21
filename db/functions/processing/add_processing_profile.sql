-- profile: {name, readiness, days_min, days_max}. The 50 of a shop are not a quota of the account: the shop needs one for each way
-- in which it works, and a listing names one.
-- Locks: the shop, so that each of several calls counts the profiles of the calls before it.
create or replace function add_processing_profile(shop_id bigint, user_id bigint, profile jsonb)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_max constant integer := 50;
  v_profile constant processing_profiles := jsonb_populate_record(null::processing_profiles, profile);
begin
  perform check_shop_owner(add_processing_profile.shop_id, add_processing_profile.user_id);
  perform from shops s where s.id = add_processing_profile.shop_id for no key update;
  perform refuse_erased(add_processing_profile.user_id);
  perform check_processing_days(v_profile.days_min, v_profile.days_max);
  if (select count(*) from processing_profiles pp where pp.shop_id = add_processing_profile.shop_id) >= v_max then
    raise exception using errcode = 'SWQTA', message = format('A shop has at most %s processing profiles.', v_max),
      detail = json_build_object('quota', 'processing_profiles', 'limit', v_max);
  end if;
  return query
    insert into processing_profiles as pp (shop_id, name, readiness, days_min, days_max)
    values (
      add_processing_profile.shop_id, v_profile.name, v_profile.readiness, v_profile.days_min, v_profile.days_max
    )
    returning pp.id, processing_profile_json(pp);
end;
$$;
comment on function add_processing_profile(bigint, bigint, jsonb) is
  'Adds a processing profile to a shop for its owner. SWNTF, SWOWN, SWINV, SWQTA.';
