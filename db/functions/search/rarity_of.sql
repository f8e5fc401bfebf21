-- Against a fixed number of listings, not the current one: a score must not move with every new listing, or pages would.
create or replace function rarity_of(key text) returns real
language sql stable
set search_path = public, pg_temp
as $$
  select greatest(1, ln(100000.0 / (1 + coalesce(min(s.listings), 0))))::real
  from string_to_table(key, ' ') k (stem)
  -- Stem by stem: joined, the planner expects fifty stems and reads the whole vocabulary for two.
  cross join lateral (select coalesce(sum(sw.listings), 0) as listings from search_words sw where sw.stem = k.stem) s
$$;
comment on function rarity_of(text) is 'How much a word tells: from 1 for what is everywhere to about 12 for what is nowhere.';
