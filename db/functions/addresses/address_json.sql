create or replace function address_json(a addresses) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return json_build_object(
    'id', a.id, 'name', a.name, 'line1', a.line1, 'line2', a.line2, 'city', a.city, 'region', a.region,
    'postal_code', a.postal_code, 'country', a.country, 'is_default', a.is_default,
    'created_at', to_rfc3339(a.created_at), 'updated_at', to_rfc3339(a.updated_at)
  );
end;
$$;
comment on function address_json(addresses) is 'Renders an address of an address book.';
