-- Compares stems: "cushion covers" is in the group of "cushion cover". Groups that share a term are not merged, so a synonym of a
-- synonym does not count.
create or replace function synonyms_of(key text) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select array_agg(distinct t.term)
    from search_synonyms s
    cross join unnest(coalesce(s.means, s.terms)) t (term)
    where s.term_keys && array[synonyms_of.key]
  );
end;
$$;
comment on function synonyms_of(text) is
  'What else to look for where these stems are asked for. Null where there are no synonyms.';
