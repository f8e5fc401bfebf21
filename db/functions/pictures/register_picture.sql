-- The first of two steps: the row comes before the files and stays hidden until confirm_picture. If a process dies in between,
-- retire_pictures finds the row and its files.
--
-- Concurrent uploads of the same bytes get the same row and write the same files.
-- At most 2,000 uploads of an owner a day: at 600 kB each, unused ones fill at most 1.2 GB before their removal.
-- Locks the owner, so that concurrent uploads are counted one after the other.
create or replace function register_picture(
  owner_id bigint, source_hash bytea, content_hash bytea, width integer, height integer, bytes integer
)
returns table (id bigint, key text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
#variable_conflict use_column
begin
  perform lock_buyer(register_picture.owner_id);
  if (
    select count(*) from pictures p
    where p.owner_id = register_picture.owner_id and p.uploaded_at > clock_timestamp() - interval '1 day'
  ) >= 2000 then
    raise exception using errcode = 'SWPIC', message = 'An account can upload 2,000 pictures in 24 hours. Try again later.',
      detail = '{"limit": 2000}';
  end if;
  return query
    insert into pictures as p (owner_id, source_hash, content_hash, width, height, bytes)
    values (
      register_picture.owner_id, register_picture.source_hash, register_picture.content_hash,
      register_picture.width, register_picture.height, register_picture.bytes
    )
    on conflict (owner_id, source_hash) where removed_at is null do update set uploaded_at = clock_timestamp()
    returning p.id, picture_key(p);
end;
$$;
comment on function register_picture(bigint, bytea, bytea, integer, integer, integer) is
  'Adds a hidden picture before its files are written. SWPIC: too many in a day.';
