-- For a line whose shop has more than its shipping (shops.has_rates), or whose listing has a profile of its own. shipping: that of
-- the shop, the rate to the world of its default profile. profile_id: that of the listing, null for the default.
create or replace function line_rate(shop_id bigint, shipping jsonb, profile_id bigint, country text) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_destinations constant text[] := destinations_to(line_rate.country);
  v_profile shipping_profiles;
  v_rate shipping_rates;
begin
  if line_rate.profile_id is null then
    select sp.* into v_profile from shipping_profiles sp where sp.shop_id = line_rate.shop_id and sp.is_default;
  else
    select sp.* into v_profile from shipping_profiles sp where sp.id = line_rate.profile_id;
  end if;
  select r.* into v_rate from shipping_rates r
  where r.profile_id = v_profile.id and r.destination = any (v_destinations)
  order by array_position(v_destinations, r.destination)
  limit 1;
  if v_rate.id is not null then
    return jsonb_build_object(
      'base', v_rate.base, 'per_extra_item', v_rate.per_extra_item, 'days_min', v_rate.days_min, 'days_max', v_rate.days_max,
      'profile_id', v_profile.id
    );
  elsif v_profile.is_default then
    return line_rate.shipping || jsonb_build_object('profile_id', v_profile.id);
  end if;
  return null;
end;
$$;
comment on function line_rate(bigint, jsonb, bigint, text) is
  'Returns the rate of a line to a country (null: to the world) with its profile_id, or null if the listing is not sent there.';
