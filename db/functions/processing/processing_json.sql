-- product_json calls it only for a listing with a profile.
create or replace function processing_json(processing_profile_id bigint) returns json
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select json_build_object('readiness', pp.readiness, 'days_min', pp.days_min, 'days_max', pp.days_max)
    from processing_profiles pp
    where pp.id = processing_json.processing_profile_id
  );
end;
$$;
comment on function processing_json(bigint) is 'Renders how long a shop needs until it ships an item with this profile.';
