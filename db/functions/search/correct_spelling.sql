-- Words that the vocabulary does not know are replaced by what the whole query then finds most of: "cented candles" is
-- about scent because such candles exist. What finds something ends it: the words after it stay as they are ("stop" alone
-- is no word of a shop full of doorstops). Where nothing does, each word becomes its nearest spelling. chooseCorrection
-- (src/domains/search/elasticsearch/plan.ts) decides the same by the counts of the other engine.
create or replace function correct_spelling(tokens text[]) returns text[]
language sql stable
set search_path = public, pg_temp
as $$
  with counted as (
    select c.*, m.hits
    from corrections_of(tokens) c
    cross join lateral (
      select count_matches(all_query(array_agg(g.wide)), 200) as hits from search_segments(c.corrected) g
    ) m
  )
  select coalesce((
    select c.corrected
    from counted c
    -- Nothing found: the last round has the nearest spelling of every word. A stop word asks for nothing, so what finds
    -- something with it finds the rest: "vintage hert" is no "vintage her".
    order by
      c.hits > 0 desc, case when c.hits > 0 then c.round else - c.round end, not c.is_stop_word or c.hits = 0 desc,
      c.slips, ln(1 + c.hits) + ln(1 + c.listings) / 4 desc, c.corrected
    limit 1
  ), tokens)
$$;
comment on function correct_spelling(text[]) is 'A query''s words with the misspelt ones corrected; the same words when there is nothing to correct.';
