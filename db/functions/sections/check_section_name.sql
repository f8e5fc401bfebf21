-- The caller has locked the shop, so no other call takes the name meanwhile.
create or replace function check_section_name(shop_id bigint, section_id bigint, name text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if exists (
    select from shop_sections x
    where x.shop_id = check_section_name.shop_id and lower(x.name) = lower(check_section_name.name)
      and x.id is distinct from check_section_name.section_id
  ) then
    raise exception using errcode = 'SWINV',
      message = 'Another section of the shop already has this name.', detail = '{"field": "name"}';
  end if;
end;
$$;
comment on function check_section_name(bigint, bigint, text) is 'Refuses a name that another section of the shop has. SWINV.';
