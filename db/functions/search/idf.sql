-- Uses a fixed number of listings, not the current one. Otherwise a score would change with every new listing, and pages would
-- lose and repeat listings.
create or replace function idf(key text) returns real
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select greatest(1, ln(100000.0 / (1 + coalesce(min(s.listings), 0))))::real
    from string_to_table(key, ' ') k (stem)
    -- Reads stem by stem. For a join the planner expects fifty stems, and reads the whole vocabulary for two.
    cross join lateral (select coalesce(sum(sw.listings), 0) as listings from search_words sw where sw.stem = k.stem) s
  );
end;
$$;
comment on function idf(text) is
  'The inverse document frequency of the rarest of these stems: from 1 for a word of every listing to about 12 for one of none.';
