-- Locks: the owner, if quota_scale is given. Raises SWINV (invalid shipping profile).
create or replace function open_shop(
  owner_id bigint, name text, description text, banner text, logo text, shipping jsonb, quota_scale numeric default null,
  requires_verified boolean default false
)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform check_verified(open_shop.owner_id, requires_verified);
  perform check_shipping(open_shop.shipping);
  perform check_quota(open_shop.owner_id, 'shops', quota_scale);
  return query
    insert into shops as s (owner_id, name, description, banner, logo, shipping)
    values (
      open_shop.owner_id, open_shop.name, coalesce(open_shop.description, ''), open_shop.banner, open_shop.logo,
      open_shop.shipping
    )
    returning s.id, shop_json(s);
end;
$$;
comment on function open_shop(bigint, text, text, text, text, jsonb, numeric, boolean) is
  'Opens a shop with its branding and shipping profile, within the owner''s quota if quota_scale is given. SWINV, SWQTA, SWVFY.';
