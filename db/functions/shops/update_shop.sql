-- `changes` has the changed fields with the API's names. Null clears banner_url, logo_url or vacation_message. A vacation begins
-- after the checkouts that have locked the shop, and before those that wait for it. `versions` come from shop_version; is_current
-- compares them. Locks: the shop. Raises SWVER (changed since), SWINV (invalid shipping profile).
create or replace function update_shop(shop_id bigint, user_id bigint, changes jsonb, versions text[] default null)
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_version text;
begin
  perform check_shop_owner(update_shop.shop_id, update_shop.user_id);
  perform from shops s where s.id = update_shop.shop_id for no key update;
  perform refuse_erased(update_shop.user_id);
  select shop_version(s) into v_version from shops s where s.id = update_shop.shop_id;
  if not is_current(v_version, versions) then
    raise exception using errcode = 'SWVER',
      message = 'The shop has changed since you read it. Read it again and repeat the change.';
  end if;
  perform check_shipping(changes -> 'shipping');
  return query
    update shops s set
      name = coalesce(changes ->> 'name', s.name),
      description = coalesce(changes ->> 'description', s.description),
      banner = case when changes ? 'banner_url' then changes ->> 'banner_url' else s.banner end,
      logo = case when changes ? 'logo_url' then changes ->> 'logo_url' else s.logo end,
      is_on_vacation = coalesce((changes ->> 'is_on_vacation')::boolean, s.is_on_vacation),
      vacation_message = case when changes ? 'vacation_message' then changes ->> 'vacation_message' else s.vacation_message end,
      shipping = s.shipping || coalesce(changes -> 'shipping', '{}')
    where s.id = update_shop.shop_id
    returning shop_json(s), shop_version(s);
end;
$$;
comment on function update_shop(bigint, bigint, jsonb, text[]) is
  'Changes a shop for its owner, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV.';
