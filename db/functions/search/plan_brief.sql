-- The plain ranking that `tiered` is measured against: any word, with its synonyms and whatever is spelt nearly like it.
create or replace function plan_brief(q text)
returns table (own tsquery[], wide tsquery[], weights real[], matches tsquery)
language sql stable
set search_path = public, pg_temp
as $$
  with words as (
    select
      phrase_query(stem_key(t.token)) as own,
      any_query(array[phrase_query(stem_key(t.token)), fuzzy_query(t.token)]
        || array(select phrase_query(stem_key(o.phrase)) from unnest(synonyms_of(stem_key(t.token))) o (phrase))) as wide,
      rarity_of(stem_key(t.token)) as weight, t.position
    from unnest(search_tokens(plan_brief.q)) with ordinality t (token, position)
  )
  select
    array_agg(w.own order by w.position), array_agg(w.wide order by w.position), array_agg(w.weight order by w.position),
    any_query(array_agg(w.wide order by w.position))
  from words w
  where w.own is not null
$$;
comment on function plan_brief(text) is 'What the ranking "brief" looks for: any of the words, or one nearly like it.';
