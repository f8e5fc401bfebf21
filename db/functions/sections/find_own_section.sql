-- Sections are public, so another user gets SWOWN and not SWNTF.
create or replace function find_own_section(section_id bigint, user_id bigint) returns shop_sections
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_section shop_sections;
begin
  select x.* into v_section from shop_sections x where x.id = find_own_section.section_id;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such section.';
  end if;
  perform check_shop_owner(v_section.shop_id, find_own_section.user_id);
  return v_section;
end;
$$;
comment on function find_own_section(bigint, bigint) is 'Returns a section for the owner of its shop. SWNTF, SWOWN.';
