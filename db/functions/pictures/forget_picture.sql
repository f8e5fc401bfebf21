create or replace function forget_picture(picture_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from pictures p where p.id = forget_picture.picture_id and p.removed_at is not null
$$;
comment on function forget_picture(bigint) is 'Deletes the row of a retired picture after its files.';
