-- The rule for both search engines. It is applied before any filter, so that filters, facets and orders all apply to one set.
-- `hits_typed` is the number of listings with all words as typed. `corrections` and `hits` are those of choose_correction. If
-- enough listings have all words as typed, those words are used. If no listing has them, the corrected words are used. If few
-- listings have all words, listings with only some of the words are added (`has_all` is false).
create or replace function choose_words(hits_typed integer, corrections jsonb, hits integer[])
returns table (correction integer, has_all boolean, did_you_mean text, showing_results_for text)
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return query
    select
      case when hits_typed = 0 then m.place end,
      (case when hits_typed = 0 and m.place is not null then hits[m.place] else hits_typed end) >= f.few,
      m.words,
      case when hits_typed = 0 then m.words end
    from (select ranking_constant('few_hits') as few) f
    left join lateral (
      select c.place, corrections -> (c.place - 1) ->> 'words' as words
      from choose_correction(corrections, hits) c (place)
      where hits_typed < f.few
    ) m on true;
end;
$$;
comment on function choose_words(integer, jsonb, integer[]) is
  'The words that a search looks for: the place of a correction, null for the typed words; and whether listings must have all.';
