-- choose_correction prefers the first round, then words that are no stop words, then fewer slips. So counting ends with the first
-- group of equal rank that finds anything. The corrections after it have 0 hits.
create or replace function counted_corrections(tokens text[]) returns table (corrections jsonb, hits integer[])
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_correction record;
  v_rank text;
begin
  select coalesce(jsonb_agg(to_jsonb(c) order by c.place), '[]'), coalesce(array_agg(0 order by c.place), '{}')
  into corrections, hits
  from corrections_of(tokens) with ordinality c (round, words, slips, listings, is_stop_word, place);
  for v_correction in
    select c.place, c.correction ->> 'words' as words,
      concat_ws(' ', c.correction ->> 'round', c.correction ->> 'is_stop_word', c.correction ->> 'slips') as rank
    from jsonb_array_elements(corrections) with ordinality c (correction, place)
    order by (c.correction ->> 'round')::integer, (c.correction ->> 'is_stop_word')::boolean, (c.correction ->> 'slips')::integer
  loop
    exit when v_rank <> v_correction.rank and 0 < any(hits);
    v_rank := v_correction.rank;
    hits[v_correction.place] := count_matches(
      all_query(array(select g.wide from search_segments(string_to_array(v_correction.words, ' ')) g)),
      ranking_constant('many_hits')::integer
    );
  end loop;
  return next;
end;
$$;
comment on function counted_corrections(text[]) is
  'The corrections of a query, and how many listings in stock have all words of each, counted up to many_hits while it matters.';
