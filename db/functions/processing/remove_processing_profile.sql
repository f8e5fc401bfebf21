-- A profile in use stays: without it its listings would promise the days of the shop. Archived variants lose it, because no buyer
-- can choose them; their listings keep their versions.
-- Locks: the profile, then these variants by id.
create or replace function remove_processing_profile(profile_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile constant processing_profiles := lock_processing_profile(profile_id, user_id);
  v_product_ids constant bigint[] := products_of_profile(v_profile);
begin
  if v_product_ids <> '{}' then
    raise exception using errcode = 'SWUSE',
      message = format('%s listings use the profile. Give them another one first.', cardinality(v_product_ids)),
      detail = json_build_object('product_ids', v_product_ids[:100]);
  end if;
  perform from variants v
  where v.shop_id = v_profile.shop_id and v.processing_profile_id = v_profile.id
  order by v.id
  for no key update;
  update variants v set processing_profile_id = null where v.shop_id = v_profile.shop_id and v.processing_profile_id = v_profile.id;
  delete from processing_profiles pp where pp.id = v_profile.id;
end;
$$;
comment on function remove_processing_profile(bigint, bigint) is
  'Removes a processing profile that no listing uses, for its shop''s owner. SWNTF, SWOWN, SWUSE.';
