create or replace function is_known_word(word text) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select exists (select from search_words sw where sw.stem = stem_key(is_known_word.word))
      or synonyms_of(stem_key(is_known_word.word)) is not null
  );
end;
$$;
comment on function is_known_word(text) is 'Whether a word, in any of its forms, is in the vocabulary or a synonym.';
