-- The word can be complete, unfinished or misspelled. Words that begin like it come first. If no word begins like it, words that
-- differ from that by one letter follow. Each pattern is a look-up in the trigram index.
create or replace function completions_of(word text) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_words text[];
begin
  select array_agg(b.word) into v_words
  from (
    select sw.word
    from search_words sw
    where sw.word like regexp_replace(completions_of.word, '([\\%_])', '\\\1', 'g') || '%'
    order by sw.word = completions_of.word desc, sw.listings desc, sw.word
    limit 12
  ) b;
  if v_words is null and char_length(word) between 4 and 20 then
    select array_agg(s.word) into v_words
    from (
      select sw.word
      from unnest(slip_patterns(completions_of.word)) p (pattern)
      join search_words sw on sw.word like p.pattern
      group by sw.word
      order by max(sw.listings) desc, sw.word
      limit 12
    ) s;
  end if;
  return v_words;
end;
$$;
comment on function completions_of(text) is
  'Words of the vocabulary that begin like this, or would but for one slip. Null when none does.';
