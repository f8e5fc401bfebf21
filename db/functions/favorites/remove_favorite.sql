create or replace function remove_favorite(user_id bigint, fav_type text, fav_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from favorites f
  where f.user_id = remove_favorite.user_id and f.fav_type = remove_favorite.fav_type and f.fav_id = remove_favorite.fav_id
$$;
comment on function remove_favorite(bigint, text, bigint) is 'Removes a favorite. A missing one is no error.';
