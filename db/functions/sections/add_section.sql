-- section: {name, position}. Without a position it comes last. Locks: the shop, so that the 50 sections are counted.
create or replace function add_section(shop_id bigint, user_id bigint, section jsonb) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_most constant integer := 50;
  v_last integer;
begin
  perform check_shop_owner(add_section.shop_id, add_section.user_id);
  perform from shops s where s.id = add_section.shop_id for no key update;
  perform refuse_erased(add_section.user_id);
  perform check_section_name(add_section.shop_id, null, section ->> 'name');
  if (select count(*) from shop_sections x where x.shop_id = add_section.shop_id) >= v_most then
    raise exception using errcode = 'SWQTA',
      message = format('A shop can have at most %s sections. Remove one first.', v_most),
      detail = json_build_object('quota', 'sections', 'limit', v_most);
  end if;
  select coalesce(max(x.position), 0) into v_last from shop_sections x where x.shop_id = add_section.shop_id;
  return query
    insert into shop_sections as x (shop_id, name, position)
    values (
      add_section.shop_id, section ->> 'name', coalesce((section ->> 'position')::integer, least(v_last + 1, 1000))
    )
    returning section_json(x);
end;
$$;
comment on function add_section(bigint, bigint, jsonb) is 'Adds a section to a shop for its owner. SWNTF, SWOWN, SWINV, SWQTA.';
