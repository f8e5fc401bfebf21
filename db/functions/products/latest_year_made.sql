-- Accepts the forms of when_made: a year, a decade, a range, before a year, made to order. Returns null for any other text.
create or replace function latest_year_made(when_made text) returns integer
language sql stable
set search_path = public, pg_temp
as $$
  select case
    when when_made = 'made_to_order' then date_part('year', now())::integer
    when when_made ~ '^\d{4}$' then when_made::integer
    when when_made ~ '^\d{3}0s$'
      then left(when_made, 4)::integer + case when when_made ~ '00s$' and when_made < '1900' then 99 else 9 end
    when when_made ~ '^\d{4}[-_]\d{4}$' then right(when_made, 4)::integer
    when when_made ~ '^before_\d{4}$' then right(when_made, 4)::integer - 1
  end
$$;
comment on function latest_year_made(text) is
  'Returns the latest possible year of a when_made; "1700s" and "1800s" are centuries.';
