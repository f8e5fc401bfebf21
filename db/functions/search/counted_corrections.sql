create or replace function counted_corrections(tokens text[]) returns table (corrections jsonb, hits integer[])
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    select coalesce(jsonb_agg(to_jsonb(c) order by c.place), '[]'), coalesce(array_agg(m.hits order by c.place), '{}')
    from corrections_of(tokens) with ordinality c (round, words, slips, listings, is_stop_word, place)
    cross join lateral (
      select count_matches(all_query(array_agg(g.wide)), ranking_constant('many_hits')::integer) as hits
      from search_segments(string_to_array(c.words, ' ')) g
    ) m;
end;
$$;
comment on function counted_corrections(text[]) is
  'The corrections of a query, and how many listings in stock have all words of each, counted up to many_hits.';
