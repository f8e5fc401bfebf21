-- The id makes the key unique, so that deleting its files affects no other picture. The hash makes the key unguessable and its
-- content immutable. No search_path: inlined. The cast keeps it immutable: `bigint || text` is stable.
create or replace function picture_key(p pictures) returns text
language sql immutable
as $$
  select p.id::text || '-' || left(encode(p.content_hash, 'hex'), 32)
$$;
comment on function picture_key(pictures) is 'Returns the name of a picture in URLs and in the store.';
