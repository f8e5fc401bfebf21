-- Returns words of the vocabulary within one typo (a letter wrong, missing, too many or moved), or within two for a word of six
-- letters or more. Words of synonyms count even if no listing has them: "suitxase" means suitcase even if all suitcases are
-- called luggage. A moved letter is two edits to Levenshtein, but one typo.
create or replace function spellings_of(word text) returns table (spelling text, slips integer, listings integer)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with near as (
      select sw.word, sw.listings, levenshtein(sw.word, spellings_of.word) as edits
      from search_words sw
      where one_deletes(sw.word) && one_deletes(spellings_of.word)
      union
      select sw.word, sw.listings, levenshtein(sw.word, spellings_of.word)
      from search_words sw
      where char_length(spellings_of.word) >= 6 and sw.word % spellings_of.word
      union
      select w.word, 0, levenshtein(w.word, spellings_of.word)
      from search_synonyms sy
      cross join string_to_table(lower(array_to_string(sy.terms, ' ')), ' ') w (word)
      where abs(char_length(w.word) - char_length(spellings_of.word)) <= 2 and char_length(w.word) <= 40
    ),
    slipped as (
      select n.word, max(n.listings) as listings,
        min(case when n.edits = 2 and has_moved_letter(n.word, spellings_of.word) then 1 else n.edits end) as slips
      from near n
      group by n.word
    )
    select s.word, s.slips, s.listings
    from slipped s
    where s.slips between 1 and case when char_length(spellings_of.word) < 6 then 1 else 2 end
      and s.word !~ '^\d+$' and char_length(s.word) >= 3
    order by s.slips, s.listings desc, s.word
    limit 12;
end;
$$;
comment on function spellings_of(text) is 'What a misspelled word may have meant, the nearest and most frequent first.';
