-- Restarts the picture's day, see retire_pictures.
create or replace function reuse_picture(owner_id bigint, source_hash bytea, base_url text) returns table (id bigint, body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update pictures p set uploaded_at = clock_timestamp()
  where p.owner_id = reuse_picture.owner_id and p.source_hash = reuse_picture.source_hash
    and p.stored_at is not null and p.removed_at is null
  returning p.id, picture_json(p, reuse_picture.base_url)
$$;
comment on function reuse_picture(bigint, bytea, text) is
  'Returns the owner''s existing picture of the same bytes, if there is one.';
