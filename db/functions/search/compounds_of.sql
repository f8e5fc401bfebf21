-- "cakestand" also finds "cake stand": every split into two words of the vocabulary.
create or replace function compounds_of(word text) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select array_agg(left(compounds_of.word, i) || ' ' || substr(compounds_of.word, i + 1))
    from generate_series(3, char_length(word) - 3) i
    -- Two look-ups a split. For a join the planner expects a thousand splits, and reads the whole vocabulary for four.
    where exists (select from search_words l where l.word = left(compounds_of.word, i) offset 0)
      and exists (select from search_words r where r.word = substr(compounds_of.word, i + 1) offset 0)
  );
end;
$$;
comment on function compounds_of(text) is 'Returns the two-word spellings of a compound, or null for any other word.';
