-- The last resort, for words that differ too much from all others to be a typo.
create or replace function resembling_words(tokens text[]) returns text[]
language plpgsql stable
set search_path = public, pg_temp
set pg_trgm.similarity_threshold = 0.2
as $$
begin
  return (
    select array_agg(distinct n.word)
    from unnest(tokens) t (token)
    cross join lateral (
      select sw.word from search_words sw
      where sw.word % t.token
      order by similarity(sw.word, t.token) desc, sw.listings desc
      limit 3
    ) n
  );
end;
$$;
comment on function resembling_words(text[]) is
  'Returns the words of the vocabulary most similar to these, or null if no word is similar.';
