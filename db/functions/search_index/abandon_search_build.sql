create or replace function abandon_search_build(alias text, index_name text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update search_indexes i set next_index_name = null
  where i.alias = abandon_search_build.alias and i.next_index_name = abandon_search_build.index_name;
  if found and not exists (select from search_indexes i where i.index_name is not null) then
    perform forget_search_index(abandon_search_build.alias);
  end if;
end;
$$;
comment on function abandon_search_build(text, text) is 'Ends the writing of changes into an index that will not be finished.';
