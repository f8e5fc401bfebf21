-- Without the pause, one buyer could keep an item from all others, hold after hold. No search_path: inlined.
create or replace function hold_pause() returns interval
language sql immutable
as $$
  select interval '60 minutes'
$$;
comment on function hold_pause() is 'Returns the time after a hold during which its buyer cannot hold the same item again.';
