-- Corrects the words of a query that the vocabulary does not have. A round corrects one word, and uses the nearest spellings of
-- the words before it. Known words stay, however rare. Within a round the nearest and most frequent spelling comes first. From
-- the fourth misspelled word on, only the nearest spelling is tried. Each row is counted, and a query with more misspelled words
-- is hardly an accident.
create or replace function corrections_of(tokens text[])
returns table (round integer, words text, slips integer, listings integer, is_stop_word boolean)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_tokens text[] := tokens;
  v_spelling record;
  v_nearest text;
  v_rounds integer := 0;
begin
  for v_at in 1 .. cardinality(tokens) loop
    continue when char_length(tokens[v_at]) < 3 or tokens[v_at] ~ '^\d+$' or is_known_word(tokens[v_at]);
    v_nearest := null;
    v_rounds := v_rounds + 1;
    for v_spelling in
      select s.spelling, s.slips, s.listings from spellings_of(tokens[v_at]) s limit case when v_rounds > 3 then 1 end
    loop
      v_nearest := coalesce(v_nearest, v_spelling.spelling);
      round := v_at;
      words := array_to_string(v_tokens[:v_at - 1] || v_spelling.spelling || v_tokens[v_at + 1:], ' ');
      slips := v_spelling.slips;
      listings := v_spelling.listings;
      is_stop_word := is_stop_word(v_spelling.spelling);
      return next;
    end loop;
    v_tokens[v_at] := coalesce(v_nearest, tokens[v_at]);
  end loop;
end;
$$;
comment on function corrections_of(text[]) is
  'Corrected forms of a query, in the order of choose_correction; no row when there is nothing to correct.';
