create or replace function prefix_query(word text) returns tsquery
language sql immutable
set search_path = public, pg_temp
as $$
  select (phrase_query(stem_key(prefix_query.word))::text || ':*')::tsquery
$$;
comment on function prefix_query(text) is 'A query for words that begin with this one''s stem. Null for no word.';
