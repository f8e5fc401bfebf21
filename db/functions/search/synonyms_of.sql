-- Compares stems: "cushion covers" is in the group of "cushion cover". Groups that share a term are not merged: a
-- synonym of a synonym is none.
create or replace function synonyms_of(key text) returns tsquery
language sql stable
set search_path = public, pg_temp
as $$
  select any_query(array_agg(distinct phrase_query(t.key)))
  from search_synonyms s
  cross join unnest(coalesce(s.means_keys, s.term_keys)) t (key)
  where s.term_keys && array[synonyms_of.key]
$$;
comment on function synonyms_of(text) is 'What else to look for where these stems are asked for. Null for nothing.';
