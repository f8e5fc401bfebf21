-- The caller has locked the listings, which have this profile now. A listing keeps its words, so that nothing is parsed.
-- note_changes splits many listings into small steps.
create or replace function note_destinations(profile shipping_profiles, product_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_destinations constant text[] := nullif(profile_destinations(profile), '{world}');
begin
  update product_search ps set destinations = v_destinations
  where ps.product_id = any (product_ids) and ps.destinations is distinct from v_destinations;
  perform note_changes(array['shop:' || profile.shop_id || ':products'], product_ids);
end;
$$;
comment on function note_destinations(shipping_profiles, bigint[]) is
  'Makes search find listings by the destinations of their shipping profile, which are new to them.';
