-- Uses the parser of the index, so that a query and a title are cut into the same words. Drops words after the twelfth and
-- characters after the 400th, because more words do not narrow the result.
-- No search_path is set, so that the planner can inline the query: a call for each of 200 titles would take twice as long.
create or replace function cut_words(content text) returns table (word text, place bigint)
language sql immutable
as $$
  select left(w.token, 40), w.place
  from ts_parse('default', spaced_words(lower(unaccent(left(content, 400))))) with ordinality w (tokid, token, place)
  where w.token ~ '[[:alnum:]]' and w.tokid not in (12, 13)
  order by w.place
  limit 12
$$;
comment on function cut_words(text) is
  'The first twelve words of a text, in small letters and without accents, with their places.';
