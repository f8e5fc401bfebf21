-- Its listings stay, without a section. Locks: the section, so that no other listing gets it, then its listings by id.
create or replace function remove_section(section_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_section constant shop_sections := find_own_section(section_id, user_id);
begin
  perform from shop_sections x where x.id = v_section.id for update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such section.';
  end if;
  perform from products p where p.section_id = v_section.id order by p.id for no key update;
  delete from shop_sections x where x.id = v_section.id;
end;
$$;
comment on function remove_section(bigint, bigint) is
  'Removes a section for its shop''s owner. Its listings stay, without a section. SWNTF, SWOWN.';
