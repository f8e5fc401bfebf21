-- The rule for both search engines. `corrections` are the rows of corrections_of. `hits` has the number of listings that each of
-- them finds.
-- The first round that finds anything decides: "cented candles" becomes "scented candles" because such candles exist, and the
-- words after it stay as typed ("stop" alone is no word of a shop full of doorstops). A stop word matches nothing by itself, so a
-- correction to one finds what the other words find, and comes last: "vintage hert" does not mean "vintage her". Then fewer slips
-- win, then more listings. If no correction finds anything, every word takes its nearest spelling, which is the first of the last
-- round.
create or replace function choose_correction(corrections jsonb, hits integer[]) returns integer
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    with counted as (
      select c.place::integer, coalesce(hits[c.place], 0) as hits, (c.correction ->> 'round')::integer as round,
        (c.correction ->> 'is_stop_word')::boolean as is_stop_word, (c.correction ->> 'slips')::integer as slips,
        (c.correction ->> 'listings')::integer as listings
      from jsonb_array_elements(corrections) with ordinality c (correction, place)
    ),
    best as (
      select c.place
      from counted c
      where c.hits > 0
      order by c.round, c.is_stop_word, c.slips, ln(1 + c.hits) + ln(1 + c.listings) / 4 desc, c.place
      limit 1
    ),
    nearest as (
      select c.place from counted c order by c.round desc, c.place limit 1
    )
    select coalesce((select b.place from best b), (select n.place from nearest n))
  );
end;
$$;
comment on function choose_correction(jsonb, integer[]) is
  'Returns the place (1 and up) of the likeliest correction, or null without corrections.';
