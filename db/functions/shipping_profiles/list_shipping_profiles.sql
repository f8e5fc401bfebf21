-- after: the cursor [id, is_default] of the page before. The default comes first, then the oldest.
create or replace function list_shipping_profiles(shop_id bigint, after jsonb, page_size integer)
returns table (item json, cursor json)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if not exists (select from shops s where s.id = list_shipping_profiles.shop_id) then
    raise exception using errcode = 'SWNTF', message = 'There is no such shop.';
  end if;
  return query
    select shipping_profile_json(l.profile), json_build_array(l.id, l.is_default)
    from (
      select d as profile, d.id, d.is_default from find_default_profile(list_shipping_profiles.shop_id) d
      union all
      select sp, sp.id, sp.is_default from shipping_profiles sp
      where sp.shop_id = list_shipping_profiles.shop_id and not sp.is_default
    ) l
    where after is null or (not l.is_default, l.id) > (not (after ->> 1)::boolean, (after ->> 0)::bigint)
    order by not l.is_default, l.id
    limit page_size;
end;
$$;
comment on function list_shipping_profiles(bigint, jsonb, integer) is
  'Returns the shipping profiles of a shop, the default first. SWNTF.';
