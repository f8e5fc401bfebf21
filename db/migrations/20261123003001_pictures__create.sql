-- migrate:up
create table pictures (
  id bigint generated always as identity primary key,
  owner_id bigint not null references users (id) on delete restrict,
  source_hash bytea not null,
  content_hash bytea not null,
  width integer not null,
  height integer not null,
  bytes integer not null,
  uploaded_at timestamptz not null default now(),
  stored_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint pictures_hashes_are_sha256 check (octet_length(source_hash) = 32 and octet_length(content_hash) = 32),
  constraint pictures_have_pixels check (width > 0 and height > 0 and bytes > 0)
);
-- One picture of the same bytes an owner; a removed one, whose files are being deleted, is in nobody's way.
create unique index pictures_owner_id_source_hash_key on pictures (owner_id, source_hash) where removed_at is null;
create index pictures_owner_id_idx on pictures (owner_id, uploaded_at desc, id desc);
comment on table pictures is 'Uploaded pictures. Their files are in the object store, under a name that picture_key makes of id and content.';
comment on column pictures.source_hash is 'SHA-256 of what was sent, so that the same bytes become one picture.';
comment on column pictures.content_hash is 'SHA-256 of the largest file that was made of it.';
comment on column pictures.bytes is 'Size of all its files.';
comment on column pictures.uploaded_at is 'When these bytes were last sent: unused pictures are kept for a day from then.';
comment on column pictures.stored_at is 'When all files were there; null: the upload runs, or its process died. Nobody sees it until then.';
comment on column pictures.removed_at is 'Since when nobody sees it and its files are being deleted.';

-- migrate:down
drop table pictures;
