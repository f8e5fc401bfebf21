
-- Decides what a query looks for before any filter, so that filters, facets and sort orders all speak of one set:
-- all its words where that finds anything, the corrected words where it does not, and where even these find fewer
-- than `few`, whatever has some of the words comes after them.
-- `exact` corrects nothing. `corrected` is what is looked for instead of what was typed.
-- The weights add up to 1. `matches` is null for a query that nothing in the vocabulary resembles.
create or replace function plan_search(q text, exact boolean default false, few integer default 8)
returns table (own tsquery[], wide tsquery[], weights real[], all_terms tsquery, phrase tsquery, matches tsquery, did_you_mean text, corrected text)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_tokens text[] := search_tokens(plan_search.q);
  v_corrected text[];
  v_hits integer;
begin
  select array_agg(s.own), array_agg(s.wide), array_agg(s.weight) into own, wide, weights from search_segments(v_tokens) s;
  all_terms := all_query(wide);
  v_hits := count_matches(all_terms, few);
  if v_hits < few then
    v_corrected := case when exact then v_tokens else correct_spelling(v_tokens) end;
    if v_corrected <> v_tokens then
      did_you_mean := array_to_string(v_corrected, ' ');
      if v_hits = 0 then
        select array_agg(s.own), array_agg(s.wide), array_agg(s.weight) into own, wide, weights
        from search_segments(v_corrected) s;
        all_terms := all_query(wide);
        v_hits := count_matches(all_terms, few);
        v_tokens := v_corrected;
        corrected := did_you_mean;
      end if;
    end if;
  end if;
  phrase := phrase_query(stem_key(array_to_string(v_tokens, ' ')));
  matches := case when v_hits < few then any_query(wide) else all_terms end;
  if v_hits = 0 and not exact and count_matches(matches, 1) = 0 then
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
comment on function plan_search(text, boolean, integer) is 'What a query looks for, with its words widened by synonyms, compounds and corrections.';
