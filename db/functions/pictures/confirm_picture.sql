-- Returns no row if the picture was removed meanwhile.
create or replace function confirm_picture(picture_id bigint, base_url text) returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update pictures p set stored_at = coalesce(p.stored_at, clock_timestamp())
  where p.id = confirm_picture.picture_id and p.removed_at is null
  returning picture_json(p, confirm_picture.base_url)
$$;
comment on function confirm_picture(bigint, text) is 'Makes a picture visible after all its files exist.';
