-- Words that the vocabulary does not know are replaced by what the whole query then finds most of: "cented candles" is
-- about scent because such candles exist. Known words stay, however rare, and so does the rest as soon as the whole
-- query finds something ("stop" alone is no word of a shop full of doorstops).
create or replace function correct_spelling(tokens text[]) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_tokens text[] := tokens;
  v_at integer;
  v_better text;
  v_hits integer;
begin
  for v_at in 1 .. cardinality(tokens) loop
    continue when char_length(tokens[v_at]) < 3 or tokens[v_at] ~ '^\d+$'
      or is_known_word(tokens[v_at]);
    select s.spelling, m.hits into v_better, v_hits
    from spellings_of(tokens[v_at]) s
    cross join lateral (
      select count_matches(all_query(array_agg(g.wide)), 200) as hits
      from search_segments(v_tokens[:v_at - 1] || s.spelling || v_tokens[v_at + 1:]) g
    ) m
    -- A stop word asks for nothing, so what finds something with it finds the rest: "vintage hert" is no "vintage her".
    order by m.hits > 0 and not is_stop_word(s.spelling) desc, m.hits > 0 desc, s.slips, ln(1 + m.hits) + ln(1 + s.listings) / 4 desc, s.spelling
    limit 1;
    if v_better is not null then
      v_tokens[v_at] := v_better;
      exit when v_hits > 0;
    end if;
  end loop;
  return v_tokens;
end;
$$;
comment on function correct_spelling(text[]) is 'A query''s words with the misspelt ones corrected; the same words when there is nothing to correct.';
