-- Idempotent. Locks: the user, if quota_scale is given and the favorite is new.
create or replace function add_favorite(
  user_id bigint, fav_type text, fav_id bigint, quota_scale numeric default null
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if not exists (
    select from products p
    where add_favorite.fav_type = 'product' and p.id = add_favorite.fav_id and p.archived_at is null
    union all
    select from shops s
    where add_favorite.fav_type = 'shop' and s.id = add_favorite.fav_id
  ) then
    raise exception using errcode = 'SWNTF', message = format('There is no such %s.', add_favorite.fav_type);
  end if;
  if not exists (
    select from favorites f
    where f.user_id = add_favorite.user_id and f.fav_type = add_favorite.fav_type and f.fav_id = add_favorite.fav_id
  ) then
    perform check_quota(add_favorite.user_id, 'favorites', quota_scale);
  end if;
  insert into favorites (user_id, fav_type, fav_id)
  values (add_favorite.user_id, add_favorite.fav_type, add_favorite.fav_id)
  on conflict do nothing;
end;
$$;
comment on function add_favorite(bigint, text, bigint, numeric) is
  'Adds a product or a shop to the favorites of a user, within the quota if quota_scale is given. SWNTF, SWQTA.';
