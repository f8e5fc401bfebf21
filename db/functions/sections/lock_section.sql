-- The caller has locked a product, and remove_section locks products after its section. So this function does not wait: a section
-- that is being removed counts as removed. A change of its name or position is not in the way.
create or replace function lock_section(shop_id bigint, product jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if product ->> 'section_id' is null then
    return;
  end if;
  perform from shop_sections x
  where x.id = (product ->> 'section_id')::bigint and x.shop_id = lock_section.shop_id
  for key share skip locked;
  if not found then
    raise exception using errcode = 'SWINV', message = 'The shop has no such section.', detail = '{"field": "section_id"}';
  end if;
end;
$$;
comment on function lock_section(bigint, jsonb) is
  'Keeps the section that a listing is about to get, if it gets one. SWINV: the shop has no such section.';
