-- The last resort, for words that are no slip away from any: the vocabulary's most similar ones.
create or replace function resembling_query(tokens text[]) returns tsquery
language sql stable
set search_path = public, pg_temp
set pg_trgm.similarity_threshold = 0.2
as $$
  select any_query(array_agg(phrase_query(n.stem)))
  from unnest(tokens) t (token)
  cross join lateral (
    select sw.stem from search_words sw where sw.word % t.token order by similarity(sw.word, t.token) desc, sw.listings desc limit 3
  ) n
$$;
comment on function resembling_query(text[]) is 'A query for the words most similar to these. Null when none is.';
