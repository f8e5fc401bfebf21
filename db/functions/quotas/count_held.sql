create or replace function count_held(user_id bigint, quota text, at_most bigint) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return case quota
    when 'shops' then (
      select count(*) from (select from shops s where s.owner_id = count_held.user_id limit at_most) held
    )
    when 'favorites' then (
      select count(*) from (select from favorites f where f.user_id = count_held.user_id limit at_most) held
    )
    when 'addresses' then (
      select count(*) from (select from addresses a where a.user_id = count_held.user_id limit at_most) held
    )
    when 'listings' then count_listings(count_held.user_id)
  end;
end;
$$;
comment on function count_held(bigint, text, bigint) is
  'Returns how many shops, listings, favorites or addresses an account has. Stops counting at at_most, except listings.';
