-- Its listings then use the default. A call that gives the profile to a listing meanwhile waits for the removal (keep_profile),
-- or was faster, and its listing is found under the lock of the profile. If yet another call has locked this listing, a wait
-- could deadlock with a call that waits for the profile. So the removal gives its locks back and begins again.
-- Locks: the products of the profile by id, then the profile, then the shop.
create or replace function remove_shipping_profile(profile_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_profile shipping_profiles;
  v_product_ids bigint[];
begin
  v_profile := find_profile(profile_id);
  if v_profile.id is null then
    raise exception using errcode = 'SWNTF', message = 'There is no such shipping profile.';
  end if;
  perform check_shop_owner(v_profile.shop_id, remove_shipping_profile.user_id);
  if v_profile.is_default then
    raise exception using errcode = 'SWWLD',
      message = 'A shop needs its default shipping profile, because it is the shipping of the shop.';
  end if;
  for v_round in 1..10 loop
    begin
      v_product_ids := array(
        select p.id from products p where p.shipping_profile_id = v_profile.id and p.shop_id = v_profile.shop_id
        order by p.id
        for no key update
      );
      perform from shipping_profiles sp where sp.id = v_profile.id for update;
      v_product_ids := v_product_ids || array(
        select p.id from products p
        where p.shipping_profile_id = v_profile.id and p.shop_id = v_profile.shop_id and p.id <> all (v_product_ids)
        order by p.id
        for no key update nowait
      );
      exit;
    exception when lock_not_available then
      if v_round = 10 then
        raise;
      end if;
    end;
  end loop;
  v_profile := lock_shipping_profile(profile_id, user_id);
  if v_product_ids <> '{}' then
    update products p set shipping_profile_id = null where p.id = any (v_product_ids);
    perform note_destinations(find_default_profile(v_profile.shop_id), v_product_ids);
  end if;
  delete from shipping_profiles sp where sp.id = v_profile.id;
end;
$$;
comment on function remove_shipping_profile(bigint, bigint) is
  'Removes a shipping profile for the owner of its shop; its listings use the default. SWNTF, SWOWN, SWWLD (the default).';
