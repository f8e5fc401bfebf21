-- Also archived listings, because their owner can restore them.
create or replace function products_of_profile(profile processing_profiles) returns bigint[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return array(
    select p.id from products p where p.shop_id = profile.shop_id and p.processing_profile_id = profile.id
    union
    select v.product_id from variants v
    where v.shop_id = profile.shop_id and v.processing_profile_id = profile.id and v.archived_at is null
    order by 1
  );
end;
$$;
comment on function products_of_profile(processing_profiles) is
  'Returns the listings that name a processing profile, themselves or in a variant.';
