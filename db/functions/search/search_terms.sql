-- Plans a search for Elasticsearch, which finds, counts and scores. The row has the words, synonyms, compounds and corrections
-- that plan_search gives PostgreSQL, and the numbers of the ranking, so that both engines return the same listings. `spelling` is
-- 'typed', 'exact' (without correction), or 'resembling' (similar words, if nothing else is found). `segments` are those of
-- segments_json. `corrections` are those of corrections_of, each with its segments, which Elasticsearch counts. `nearest` is the
-- place of the most likely correction. `closed_shop_ids` are the shops on vacation, which no list shows. Raises SWINV for an
-- unknown category.
create or replace function search_terms(
  q text, category text, spelling text, options text[] default null, ships_to text default null
)
returns table (
  words text, segments jsonb, category_ids bigint[], closed_shop_ids bigint[], corrections jsonb, nearest integer,
  constants jsonb, price_ranges jsonb, wanted_keys integer[], wanted_destinations text[]
)
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_tokens text[] := search_tokens(coalesce(search_terms.q, ''));
begin
  category_ids := searched_categories(search_terms.category);
  wanted_keys := searched_options(search_terms.options);
  wanted_destinations := searched_destinations(search_terms.ships_to);
  closed_shop_ids := array(select s.id from shops s where s.is_on_vacation);
  words := array_to_string(v_tokens, ' ');
  if spelling = 'resembling' then
    select coalesce(jsonb_agg(jsonb_build_object('phrases', jsonb_build_array(r.word), 'weight', 1)), '[]') into segments
    from unnest(resembling_words(v_tokens)) r (word);
  else
    segments := segments_json(v_tokens);
  end if;
  select coalesce(
    jsonb_agg(to_jsonb(c) || jsonb_build_object('segments', segments_json(string_to_array(c.words, ' '))) order by c.place), '[]'
  )
  into corrections
  from corrections_of(case when spelling = 'typed' then v_tokens else '{}' end)
    with ordinality c (round, words, slips, listings, is_stop_word, place);
  nearest := choose_correction(corrections, '{}');
  constants := ranking_constants();
  price_ranges := (
    select jsonb_agg(
      jsonb_strip_nulls(jsonb_build_object('key', r.key, 'from', r.from_price, 'to', r.to_price)) order by r.to_price
    )
    from price_ranges() r
  );
  return next;
end;
$$;
comment on function search_terms(text, text, text, text[], text) is
  'What Elasticsearch is asked for a query: words, other spellings, weights, corrections, and the filters in its terms. SWINV.';
