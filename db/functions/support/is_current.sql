-- An If-Match header may name several versions. An ETag of a page begins with the version of its row, then a dot.
create or replace function is_current(version text, versions text[]) returns boolean
language sql immutable
set search_path = public, pg_temp
as $$
  select versions is null or version in (select split_part(v.version, '.', 1) from unnest(versions) v (version))
$$;
comment on function is_current(text, text[]) is
  'Whether the version of a row is one of these, each whole or as the beginning of an ETag up to a dot. Null takes any version.';
