-- changes: the changed fields. Locks: the section, then the shop, so that names stay unique.
create or replace function change_section(section_id bigint, user_id bigint, changes jsonb) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_section constant shop_sections := find_own_section(section_id, user_id);
begin
  perform from shop_sections x where x.id = v_section.id for no key update;
  perform from shops s where s.id = v_section.shop_id for no key update;
  perform refuse_erased(change_section.user_id);
  perform check_section_name(v_section.shop_id, v_section.id, changes ->> 'name');
  return query
    update shop_sections x
    set name = coalesce(changes ->> 'name', x.name), position = coalesce((changes ->> 'position')::integer, x.position)
    where x.id = v_section.id
    returning section_json(x);
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such section.';
  end if;
end;
$$;
comment on function change_section(bigint, bigint, jsonb) is
  'Changes the name or the position of a section for its shop''s owner. SWNTF, SWOWN, SWINV.';
