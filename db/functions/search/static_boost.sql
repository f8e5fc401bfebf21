-- Computed when a listing is indexed, not for each of the hundred thousand listings that a search can score. A short title names
-- the thing.
create or replace function static_boost(title text, rating numeric, sales_count integer) returns numeric
language sql immutable
set search_path = public, pg_temp
as $$
  select round((
    ranking_constant('static_short_title') / (4 + length(to_tsvector('search_words', spaced_words(title))))
    + ranking_constant('static_rating') * coalesce(rating, ranking_constant('missing_rating'))
    + ranking_constant('static_sales') * log((1 + sales_count)::numeric)
  )::numeric, 6)
$$;
comment on function static_boost(text, numeric, integer) is 'What title and shop of a listing are worth in every search.';
