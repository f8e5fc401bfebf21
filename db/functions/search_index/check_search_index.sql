-- Called with what the engine has behind the alias, nulls for nothing. It is the followed one by name and uuid, and not of a
-- later time than this database, which may have been restored from a backup. A build that has this moment put its own index
-- there is about to say so.
create or replace function check_search_index(alias text, index_name text, index_uuid text, last_revision bigint) returns boolean
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_index search_indexes;
begin
  select i.* into v_index from search_indexes i where i.alias = check_search_index.alias;
  if check_search_index.index_name = v_index.index_name and check_search_index.index_uuid = v_index.index_uuid
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
comment on function check_search_index(text, text, text, bigint) is
  'Whether the index behind an alias is the one that was followed; where not, that is forgotten, and a rebuild is due.';
