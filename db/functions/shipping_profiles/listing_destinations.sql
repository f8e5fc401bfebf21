-- For search. {world}, without a look-up, where the shop has nothing but its shipping.
create or replace function listing_destinations(product products) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if product.shipping_profile_id is null
    and not (select s.has_rates from shops s where s.id = product.shop_id)
  then
    return '{world}';
  end if;
  return (
    select profile_destinations(sp) from shipping_profiles sp
    where sp.shop_id = product.shop_id
      and case when product.shipping_profile_id is null then sp.is_default else sp.id = product.shipping_profile_id end
  );
end;
$$;
comment on function listing_destinations(products) is
  'Returns where a listing can be sent, sorted: country codes, eu, world. It ships to DE if this has DE, eu (is_in_eu) or world.';
