create or replace function is_stop_word(word text) returns boolean
language plpgsql immutable parallel safe
set search_path = public, pg_temp
as $$
begin
  return length(to_tsvector('search_prose', word)) = 0;
end;
$$;
comment on function is_stop_word(text) is 'Whether descriptions are not indexed by this word: "the", "and", …';
