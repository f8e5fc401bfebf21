-- The default profile's rate to the world is shops.shipping, so the two can never differ.
create or replace function profile_rates(profile shipping_profiles)
returns table (destination text, base numeric, per_extra_item numeric, days_min integer, days_max integer)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    select r.destination, r.base, r.per_extra_item, r.days_min::integer, r.days_max::integer
    from shipping_rates r where r.profile_id = profile.id
    union all
    select 'world', (s.shipping ->> 'base')::numeric(10, 2), (s.shipping ->> 'per_extra_item')::numeric(10, 2),
      (s.shipping ->> 'days_min')::integer, (s.shipping ->> 'days_max')::integer
    from shops s where profile.is_default and s.id = profile.shop_id;
end;
$$;
comment on function profile_rates(shipping_profiles) is 'Returns all rates of a shipping profile.';
