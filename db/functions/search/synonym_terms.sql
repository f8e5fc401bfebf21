create or replace function synonym_terms(list text) returns text[]
language sql immutable
set search_path = public, pg_temp
as $$
  select array_agg(trim(t.term) order by t.position)
  from string_to_table(list, ',') with ordinality t (term, position)
  where trim(t.term) <> ''
$$;
comment on function synonym_terms(text) is 'The terms of one side of a synonym line.';
