-- "cakestand" also finds "cake stand": every split into two words of the vocabulary.
create or replace function compounds_of(word text) returns text[]
language sql stable
set search_path = public, pg_temp
as $$
  select array_agg(l.word || ' ' || r.word)
  from generate_series(3, char_length(word) - 3) i
  join search_words l on l.word = left(compounds_of.word, i)
  join search_words r on r.word = substr(compounds_of.word, i + 1)
$$;
comment on function compounds_of(text) is 'Returns the two-word spellings of a compound, or null for any other word.';
