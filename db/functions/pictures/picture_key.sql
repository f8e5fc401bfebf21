-- The id makes it one picture's alone, so that deleting its files takes nobody else's; the hash makes it nothing to guess,
-- and makes the content under a name the same for good. No search_path: inlined.
create or replace function picture_key(p pictures) returns text
language sql immutable
as $$
  select p.id || '-' || left(encode(p.content_hash, 'hex'), 32)
$$;
comment on function picture_key(pictures) is 'The name of a picture in URLs and in the object store.';
