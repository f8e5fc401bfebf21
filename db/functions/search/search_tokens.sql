create or replace function search_tokens(q text) returns text[]
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (select coalesce(array_agg(w.word order by w.place), '{}') from cut_words(q) w);
end;
$$;
comment on function search_tokens(text) is 'The first twelve words of a query.';
