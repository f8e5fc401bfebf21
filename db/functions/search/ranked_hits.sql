-- There are three tiers: all words in the title, all words somewhere, some of the words. No score of a tier reaches the tier
-- above. So a tier is read only if the tiers above do not fill the page, and most pages read titles alone. Within a tier, a
-- listing scores higher for rarer words, for better places of its words, for the query as a phrase in its title, and for a short
-- title. A score is a whole number of millionths, so that a page can continue after an exact score. `after` is [score, id].
-- An index finds the words of the third tier one by one, each in at most 10,001 listings. So no tier reads a document, which is
-- often stored outside its row.
-- The session keeps one plan for all arguments (`force_generic_plan`), because the indexes of words serve every search. A new
-- plan in each call took as long as a third of the search.
create or replace function ranked_hits(
  own tsquery[], wide tsquery[], weights real[], all_terms tsquery, phrase tsquery, matches tsquery,
  category_ids bigint[], price_min numeric, price_max numeric, wants_vintage boolean, wanted_keys integer[],
  wanted_destinations text[], after jsonb, at_most integer
)
returns jsonb
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_key integer := after ->> 0;
  v_id bigint := after ->> 1;
  -- Null where a segment has no other spellings, so that a listing without the words is searched for them once, not twice.
  v_wide tsquery[] := array(
    select nullif(w.wide, w.own) from unnest(own, wide) with ordinality w (own, wide, place) order by w.place
  );
begin
  return (
    with in_title as materialized (
      select * from (
        select l.id, (1000000 * (
          ranking_constant('all_words')
          + ranking_constant('all_in_title')
          + ranking_constant('phrase_in_title') * (l.title @@ phrase)::integer
          + words_score(own, v_wide, weights, l.title, l.labels)
          + ranking_constant('static_short_title') / (4 + length(l.title))
        ))::integer as key
        from search_listings(category_ids, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations) l
        where l.title @@ all_terms
        limit 10001
      ) t
      where v_key is null or (t.key, t.id) < (v_key, v_id)
    ),
    anywhere as materialized (
      select * from (
        select l.id, (1000000 * (
          ranking_constant('all_words')
          + words_score(own, v_wide, weights, l.title, l.labels)
          + ranking_constant('static_short_title') / (4 + length(l.title))
        ))::integer as key
        from search_listings(category_ids, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations) l
        where l.document @@ all_terms
          and not l.title @@ all_terms
          and (select count(*) from in_title) < at_most
        limit 10001
      ) t
      where v_key is null or (t.key, t.id) < (v_key, v_id)
    ),
    with_some as materialized (
      select * from (
        select l.id, (1000000 * (
          sum(g.weight * l.score) + ranking_constant('static_short_title') / (4 + l.title_length)
        ))::integer as key
        from unnest(own, v_wide, wide, weights) g (own, other, wide, weight)
        cross join lateral (
          select f.id, length(f.title) as title_length, place_score(g.own, g.other, f.title, f.labels) as score
          from search_listings(category_ids, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations) f
          where f.document @@ g.wide
            and matches <> all_terms
            and (select count(*) from in_title) + (select count(*) from anywhere) < at_most
          limit 10001
        ) l
        -- Fewer listings than few_hits have all words, so their ids are compared.
        where l.id <> all (array(
          select a.id
          from search_listings(category_ids, price_min, price_max, wants_vintage, wanted_keys, wanted_destinations) a
          where a.document @@ all_terms
        ))
        group by l.id, l.title_length
      ) t
      where v_key is null or (t.key, t.id) < (v_key, v_id)
    ),
    best as (
      select * from in_title
      union all
      select * from anywhere
      union all
      select * from with_some
      order by key desc, id desc
      limit at_most
    )
    select coalesce(jsonb_agg(jsonb_build_array(b.id, b.key) order by b.key desc, b.id desc), '[]') from best b
  );
end;
$$;
comment on function ranked_hits(
  tsquery[], tsquery[], real[], tsquery, tsquery, tsquery, bigint[], numeric, numeric, boolean, integer[], text[], jsonb, integer
) is 'What a search for words finds, as [[id, score], …], the best first.';
