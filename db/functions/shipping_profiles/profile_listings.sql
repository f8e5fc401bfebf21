-- With archived ones, which search reads when they are restored.
create or replace function profile_listings(profile shipping_profiles) returns bigint[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return array(
    select p.id from products p
    where p.shop_id = profile.shop_id
      and (p.shipping_profile_id = profile.id or p.shipping_profile_id is null and profile.is_default)
    order by p.id
  );
end;
$$;
comment on function profile_listings(shipping_profiles) is 'Returns the listings that a shipping profile sends, sorted.';
