-- `changes` holds only what changes, under the API's names; banner_url, logo_url and vacation_message may
-- be null to take the value away. A vacation begins after the checkouts that hold the shop's row, and before those that wait for it.
-- Raises SWNTF, SWOWN, SWINV (a shipping profile that cannot be).
create or replace function update_shop(shop_id bigint, user_id bigint, changes jsonb)
returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform check_shop_owner(update_shop.shop_id, update_shop.user_id);
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
    returning shop_json(s);
end;
$$;
comment on function update_shop(bigint, bigint, jsonb) is 'Changes a shop, by its owner. SWNTF, SWOWN, SWINV.';
