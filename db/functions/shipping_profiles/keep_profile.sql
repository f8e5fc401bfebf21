-- Called before a listing gets the profile (null: the default one of its shop). A change of where the profile goes either finds
-- the listing, or is over before search reads it. A removal finds the listing too, or is over and the profile is unknown.
-- Locks: the profile, for share.
create or replace function keep_profile(shop_id bigint, profile_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform from shipping_profiles sp
  where sp.shop_id = keep_profile.shop_id
    and case when keep_profile.profile_id is null then sp.is_default else sp.id = keep_profile.profile_id end
  for share;
  if not found and keep_profile.profile_id is not null then
    raise exception using errcode = 'SWINV', message = 'The shop has no such shipping profile.',
      detail = '{"field": "shipping_profile_id"}';
  end if;
end;
$$;
comment on function keep_profile(bigint, bigint) is
  'Makes changes of a shipping profile, or of a shop''s default one, wait until the caller''s listing has it. SWINV: the '
  'shop has no such profile.';
