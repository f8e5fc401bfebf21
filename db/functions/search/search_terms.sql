
-- The plan of a search for an engine that finds and scores by itself: the same words, synonyms, compounds and corrections
-- that plan_search gives PostgreSQL, so that both answer alike. `corrections` are corrections_of the words, each with words
-- and segments of its own, for the engine to count. `spelling` says which words: 'typed', 'exact', which is not to be
-- corrected, or 'resembling', for words that nothing else is found for. Each segment is {"phrases": […], "weight": …}, what was
-- asked for first; the weights add up to 1. `closed_shop_ids` are the shops on vacation, which no list offers. SWINV: there is no
-- such category.
create or replace function search_terms(q text, category text, spelling text)
returns table (words text, segments jsonb, category_ids bigint[], closed_shop_ids bigint[], corrections jsonb)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_tokens text[] := search_tokens(coalesce(search_terms.q, ''));
begin
  if category is not null then
    category_ids := array(select b.category_id from categories_below(category) b);
    if cardinality(category_ids) = 0 then
      raise exception using errcode = 'SWINV', message = 'There is no such category.', detail = '{"field": "category"}';
    end if;
  end if;
  closed_shop_ids := array(select s.id from shops s where s.is_on_vacation);
  words := array_to_string(v_tokens, ' ');
  if spelling = 'resembling' then
    select jsonb_agg(jsonb_build_object('phrases', jsonb_build_array(r.word), 'weight', 1)) into segments
    from unnest(resembling_words(v_tokens)) r (word);
  else
    segments := segments_json(v_tokens);
  end if;
  segments := coalesce(segments, '[]');
  corrections := coalesce((
    select jsonb_agg(jsonb_build_object(
      'words', array_to_string(c.corrected, ' '), 'segments', segments_json(c.corrected),
      'round', c.round, 'slips', c.slips, 'listings', c.listings, 'is_stop_word', c.is_stop_word
    ) order by c.place)
    from corrections_of(case when spelling = 'typed' then v_tokens else '{}' end)
      with ordinality c (round, corrected, slips, listings, is_stop_word, place)
  ), '[]');
  return next;
end;
$$;
comment on function search_terms(text, text, text) is 'What a search engine of its own is asked for a query: words, their other spellings and weights, what else they may have meant, and the category''s ids. SWINV.';
