create or replace function shipping_profile_json(profile shipping_profiles) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return json_build_object(
    'id', profile.id,
    'shop_id', profile.shop_id,
    'name', profile.name,
    'origin_country', profile.origin_country,
    'is_default', profile.is_default,
    'rates', (
      select coalesce(json_agg(json_build_object(
        'to', r.destination, 'base', r.base::text, 'per_extra_item', r.per_extra_item::text,
        'days_min', r.days_min, 'days_max', r.days_max
      ) order by r.destination in ('eu', 'world'), r.destination), '[]')
      from profile_rates(profile) r
    ),
    'upgrades', (
      select coalesce(json_agg(json_build_object(
        'id', u.id, 'name', u.name, 'to', u.destination, 'price', u.price::text, 'per_extra_item', u.per_extra_item::text
      ) order by u.name, u.destination in ('eu', 'world'), u.destination), '[]')
      from shipping_upgrades u where u.profile_id = profile.id
    )
  );
end;
$$;
comment on function shipping_profile_json(shipping_profiles) is
  'Renders a shipping profile: countries first, then eu and world; and its upgrades.';
