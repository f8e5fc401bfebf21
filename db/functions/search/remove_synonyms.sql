create or replace function remove_synonyms(id bigint) returns table (terms text[], means text[])
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from search_synonyms s where s.id = remove_synonyms.id returning s.terms, s.means
$$;
comment on function remove_synonyms(bigint) is 'Removes one row of synonyms and returns it. Returns no row for an unknown id.';
