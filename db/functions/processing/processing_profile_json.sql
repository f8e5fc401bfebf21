create or replace function processing_profile_json(pp processing_profiles) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return json_build_object(
    'id', pp.id, 'shop_id', pp.shop_id, 'name', pp.name, 'readiness', pp.readiness, 'days_min', pp.days_min,
    'days_max', pp.days_max, 'created_at', to_rfc3339(pp.created_at), 'updated_at', to_rfc3339(pp.updated_at)
  );
end;
$$;
comment on function processing_profile_json(processing_profiles) is 'Renders a processing profile.';
