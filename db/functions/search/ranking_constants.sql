-- Every number of the ranking, for PostgreSQL (ranked_hits) and for Elasticsearch, which gets them with search_terms. A change
-- here changes both engines. A change of `static_...` also needs `bun run reindex`. The numbers were chosen by measurement: see
-- search/README.md.
--   few_hits, many_hits: fewer hits than few_hits lead to a correction, or to listings with only some of the words. Counting
--     stops at many_hits when spellings are compared.
--   title_own to elsewhere: the score of a place of a word, for the word as typed (own) and for its other spellings (wide). The
--     weights of the words of a query add up to 1.
--   all_words, all_in_title, phrase_in_title: added if a listing has all words, has all in its title, or has the query as a
--     phrase in its title. Without all words a score stays below 2.
--   static_...: the scores of title and shop in every search (static_boost). missing_rating replaces a missing rating. PostgreSQL
--     adds only the short title.
--   age_boost, boost_at_most, level: only for Elasticsearch. A new listing gets age_boost, and half of it after 30 days. Static
--     boost and age together add at most boost_at_most. `level` separates listings by how many of the words they have.
create or replace function ranking_constants() returns jsonb
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select '{
    "few_hits": 8, "many_hits": 200,
    "title_own": 1, "title_wide": 0.9,
    "labels_own": 0.6, "labels_wide": 0.5,
    "elsewhere": 0.2,
    "all_words": 2, "all_in_title": 0.6, "phrase_in_title": 0.3,
    "static_short_title": 0.5, "static_rating": 0.01, "static_sales": 0.01, "missing_rating": 3,
    "age_boost": 0.02, "boost_at_most": 0.2, "level": 4
  }'::jsonb
$$;
comment on function ranking_constants() is 'The numbers by which both search engines rank, by name.';
