-- Of upgrades with one name, the most exact destination wins.
create or replace function profile_upgrades(profile_id bigint, country text)
returns table (id bigint, name text, price numeric, per_extra_item numeric)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_destinations constant text[] := destinations_to(profile_upgrades.country);
begin
  return query
    select distinct on (u.name) u.id, u.name, u.price, u.per_extra_item
    from shipping_upgrades u
    where u.profile_id = profile_upgrades.profile_id and u.destination = any (v_destinations)
    order by u.name, array_position(v_destinations, u.destination);
end;
$$;
comment on function profile_upgrades(bigint, text) is 'Returns the upgrades of a shipping profile to a country (null: to the world).';
