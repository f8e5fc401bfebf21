drop function if exists search_terms(text, text, text);

-- The plan of a search for an engine that finds and scores by itself: the same words, synonyms, compounds and corrections
-- that plan_search gives PostgreSQL, so that both answer alike. `spelling` says which words: 'typed', 'corrected', or
-- 'resembling' where neither finds anything. Each segment is {"phrases": […], "weight": …}, what was asked for first; the
-- weights add up to 1. `closed_shop_ids` are the shops on vacation, which no list offers. SWINV: there is no such category.
create or replace function search_terms(q text, category text, spelling text)
returns table (words text, segments jsonb, category_ids bigint[], closed_shop_ids bigint[])
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
  if spelling <> 'typed' then
    v_tokens := correct_spelling(v_tokens);
  end if;
  words := array_to_string(v_tokens, ' ');
  if spelling = 'resembling' then
    select jsonb_agg(jsonb_build_object('phrases', jsonb_build_array(r.word), 'weight', 1)) into segments
    from unnest(resembling_words(v_tokens)) r (word);
  else
    select jsonb_agg(jsonb_build_object('phrases', s.phrases, 'weight', round((s.weight / s.total)::numeric, 4))) into segments
    from (select g.phrases, g.weight, sum(g.weight) over () as total from search_segments(v_tokens) g) s;
  end if;
  segments := coalesce(segments, '[]');
  return next;
end;
$$;
comment on function search_terms(text, text, text) is 'What a search engine of its own is asked for a query: words, their other spellings and weights, and the category''s ids. SWINV.';
