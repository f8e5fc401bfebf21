-- Arguments: the index that Elasticsearch has behind the alias, nulls if it has none. The index is the followed one if its name
-- and uuid are equal, and if its last revision is one of this database, which can be restored from a backup. An index that a
-- build has just put there is good too: the build will follow it. If the database no longer follows followed_index_name, a build
-- has ended during the caller's request to Elasticsearch. The function then returns true, and the next check compares the new
-- index.
create or replace function check_search_index(
  alias text, followed_index_name text, index_name text, index_uuid text, last_revision bigint
) returns boolean
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_index search_indexes;
begin
  select i.* into v_index from search_indexes i where i.alias = check_search_index.alias;
  if v_index.index_name is distinct from followed_index_name
    or check_search_index.index_name = v_index.index_name and check_search_index.index_uuid = v_index.index_uuid
      and last_revision <= (select s.last_value from search_revisions s)
    or check_search_index.index_name = v_index.next_index_name then
    return true;
  end if;
  if v_index.index_name is not null then
    perform forget_search_index(check_search_index.alias);
  end if;
  return false;
end;
$$;
comment on function check_search_index(text, text, text, text, bigint) is
  'Returns whether the index behind an alias is the followed one. If it is not, changes are no longer kept, and a build is due.';
