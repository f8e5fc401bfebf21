-- A line is loaded once in the lifetime of a database, so that edits and deletions by the operator survive every later start.
create or replace function load_synonyms(lines text[]) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  with loaded as (
    insert into loaded_synonyms (line)
    select distinct l.line from unnest(load_synonyms.lines) l (line)
    on conflict do nothing
    returning loaded_synonyms.line
  )
  insert into search_synonyms (terms, means)
  select synonym_terms(split_part(l.line, '=>', 1)), synonym_terms(nullif(split_part(l.line, '=>', 2), ''))
  from loaded l
  order by l.line;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
comment on function load_synonyms(text[]) is
  'Adds the lines of synonyms (Solr format: "a, b, c" or "a, b => c") that were never loaded before; returns how many.';
