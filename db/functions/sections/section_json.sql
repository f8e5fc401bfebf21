create or replace function section_json(section shop_sections) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return json_build_object(
    'id', section.id, 'shop_id', section.shop_id, 'name', section.name, 'position', section.position,
    'created_at', to_rfc3339(section.created_at), 'updated_at', to_rfc3339(section.updated_at)
  );
end;
$$;
comment on function section_json(shop_sections) is 'Renders a section of a shop.';
