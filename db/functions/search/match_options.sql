create or replace function match_options(has_words boolean, matches tsquery, wanted_keys integer[]) returns tsquery
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return case when wanted_keys is null then matches when has_words then matches && option_query(wanted_keys)
    else option_query(wanted_keys) end;
end;
$$;
comment on function match_options(boolean, tsquery, integer[]) is
  'The query of a search for words, if it has some, and for options, if they are filtered.';
