-- Elasticsearch's fuzziness AUTO with prefix_length 2: no slip up to two letters, one up to five, two beyond, the first
-- two letters right, at most 50 words.
create or replace function fuzzy_query(word text) returns tsquery
language sql stable
set search_path = public, pg_temp
as $$
  select any_query(array_agg(phrase_query(n.stem)))
  from (
    select distinct sw.stem, min(levenshtein(sw.word, fuzzy_query.word)) as edits, max(sw.listings) as listings
    from search_words sw
    where char_length(fuzzy_query.word) between 3 and 40
      and sw.word like regexp_replace(left(fuzzy_query.word, 2), '([\\%_])', '\\\1', 'g') || '%'
      and levenshtein_less_equal(sw.word, fuzzy_query.word, 2) <= case when char_length(fuzzy_query.word) < 6 then 1 else 2 end
    group by sw.stem
    order by edits, listings desc, sw.stem
    limit 50
  ) n
$$;
comment on function fuzzy_query(text) is 'A query for the words of the vocabulary that are a slip or two away from this one. Null when none is.';
