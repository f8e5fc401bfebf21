-- choose_words chooses the words. If no listing has any of the words, this function uses similar words of the vocabulary.
-- src/domains/search/elasticsearch/backend.ts repeats that step for Elasticsearch, which counts by itself. `own` has the words as
-- requested, and `wide` the same words with other spellings, one element for each segment. `weights` add up to 1. `all_terms`
-- matches listings with all words, and `phrase` matches the words in a row. `matches` is the query of the search, and null if the
-- vocabulary has no similar word. `exact` turns correction off.
create or replace function plan_search(q text, exact boolean default false)
returns table (
  own tsquery[], wide tsquery[], weights real[], all_terms tsquery, phrase tsquery, matches tsquery,
  did_you_mean text, corrected text
)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_tokens text[] := search_tokens(plan_search.q);
  v_few integer := ranking_constant('few_hits');
  v_hits integer;
  v_counted record;
  v_words record;
begin
  select array_agg(s.own), array_agg(s.wide), array_agg(s.weight) into own, wide, weights from search_segments(v_tokens) s;
  all_terms := all_query(wide);
  v_hits := count_matches(all_terms, v_few);
  select * into v_counted from counted_corrections(case when v_hits < v_few and not exact then v_tokens else '{}' end);
  select * into v_words from choose_words(v_hits, v_counted.corrections, v_counted.hits);
  did_you_mean := v_words.did_you_mean;
  corrected := v_words.showing_results_for;
  if corrected is not null then
    v_tokens := string_to_array(corrected, ' ');
    select array_agg(s.own), array_agg(s.wide), array_agg(s.weight) into own, wide, weights from search_segments(v_tokens) s;
    all_terms := all_query(wide);
  end if;
  phrase := phrase_query(stem_key(array_to_string(v_tokens, ' ')));
  matches := case when v_words.has_all then all_terms else any_query(wide) end;
  if coalesce(v_counted.hits[v_words.correction], v_hits) = 0 and not exact and count_matches(matches, 1) = 0 then
    matches := any_query(array(select phrase_query(stem_key(r.word)) from unnest(resembling_words(v_tokens)) r (word)));
    wide := array[matches];
    own := wide;
    weights := array[1];
    all_terms := matches;
  end if;
  weights := array(
    select (w.weight / sum(w.weight) over ())::real from unnest(weights) with ordinality w (weight, position) order by w.position
  );
  return next;
end;
$$;
comment on function plan_search(text, boolean) is
  'What a query looks for, with its words widened by synonyms, compounds and corrections.';
