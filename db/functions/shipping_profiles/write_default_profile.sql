-- Called before the first change. Two callers at once write one row.
create or replace function write_default_profile(shop_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  insert into shipping_profiles (id, shop_id, name, is_default) overriding system value
  select d.id, d.shop_id, d.name, d.is_default from find_default_profile(write_default_profile.shop_id) d
  on conflict do nothing
$$;
comment on function write_default_profile(bigint) is 'Writes the row of a shop''s default shipping profile, if it has none yet.';
