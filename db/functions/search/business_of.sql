-- What shop and title are worth beside the words, as one number that is worked out when a listing is indexed and not for each
-- of the hundred thousand that a search may score. A short title says what a thing is; a shop without a rating counts as one of 3.
create or replace function business_of(title text, rating numeric, sales_count integer) returns numeric
language sql immutable
set search_path = public, pg_temp
as $$
  select round(
    0.5 / (4 + length(to_tsvector('search_words', spaced_words(title)))) + 0.01 * coalesce(rating, 3) + 0.01 * log((1 + sales_count)::numeric), 6
  )
$$;
comment on function business_of(text, numeric, integer) is 'What a listing''s shop and title are worth in search, beside its words.';
