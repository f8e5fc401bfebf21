-- Its listings then use the default. A listing that takes the profile meanwhile makes the call fail, and can be tried again.
-- Locks: the products of the profile by id, then the profile and the shop.
create or replace function remove_shipping_profile(profile_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
  v_default shipping_profiles;
  v_product_ids bigint[];
begin
  select sp.* into v_profile from shipping_profiles sp where sp.id = remove_shipping_profile.profile_id;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such shipping profile.';
  end if;
  perform check_shop_owner(v_profile.shop_id, remove_shipping_profile.user_id);
  if v_profile.is_default then
    raise exception using errcode = 'SWWLD',
      message = 'A shop needs its default shipping profile, because it is the shipping of the shop.';
  end if;
  v_product_ids := array(
    select p.id from products p where p.shipping_profile_id = v_profile.id and p.shop_id = v_profile.shop_id
    order by p.id
    for no key update
  );
  v_profile := lock_shipping_profile(profile_id, user_id);
  if v_product_ids <> '{}' then
    update products p set shipping_profile_id = null where p.id = any (v_product_ids);
    select sp.* into v_default from shipping_profiles sp where sp.shop_id = v_profile.shop_id and sp.is_default;
    perform note_destinations(v_default, v_product_ids);
  end if;
  delete from shipping_profiles sp where sp.id = v_profile.id;
end;
$$;
comment on function remove_shipping_profile(bigint, bigint) is
  'Removes a shipping profile for the owner of its shop; its listings use the default. SWNTF, SWOWN, SWWLD (the default).';
