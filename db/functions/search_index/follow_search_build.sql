-- From the commit of this call, every change is also written into the new index. So a document that the build reads later and
-- puts there never stays stale. The old index stays followed, unless its format differs. Only one index follows a database, so
-- the index of another alias is forgotten.
create or replace function follow_search_build(alias text, index_name text, format integer) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update search_indexes i set
    next_index_name = follow_search_build.index_name,
    seen_at = clock_timestamp(),
    index_name = case when i.format = follow_search_build.format then i.index_name end,
    index_uuid = case when i.format = follow_search_build.format then i.index_uuid end,
    format = case when i.format = follow_search_build.format then i.format end
  where i.alias = follow_search_build.alias;
  perform forget_search_index(i.alias) from search_indexes i
  where i.alias <> follow_search_build.alias and (i.index_name is not null or i.next_index_name is not null);
end;
$$;
comment on function follow_search_build(text, text, integer) is 'Has every change written into an index that is being built.';
