create or replace function prefix_query(word text) returns tsquery
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (phrase_query(stem_key(prefix_query.word))::text || ':*')::tsquery;
end;
$$;
comment on function prefix_query(text) is 'A query for words that begin with this one''s stem. Null for no word.';
