-- Uses the parser of the index, so that a query and a title are cut into the same words. Drops words after the twelfth and
-- characters after the 400th, because more words do not narrow the result.
create or replace function search_tokens(q text) returns text[]
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(array_agg(t.token order by t.position), '{}')
    from (
      select left(w.token, 40) as token, w.position
      from ts_parse('default', spaced_words(lower(unaccent(left(q, 400))))) with ordinality w (tokid, token, position)
      where w.token ~ '[[:alnum:]]' and w.tokid not in (12, 13)
      order by w.position
      limit 12
    ) t
  );
end;
$$;
comment on function search_tokens(text) is 'The first twelve words of a query.';
