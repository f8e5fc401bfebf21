-- No search_path is set, so that the planner can inline the expression.
create or replace function destinations_to(place text) returns text[]
language sql immutable parallel safe
as $$
  select case
    when place = 'world' then '{world}'
    when place = 'eu' then '{eu,world}'
    when is_in_eu(place) then array[place, 'eu', 'world']
    else array[place, 'world']
  end
$$;
comment on function destinations_to(text) is 'The destinations of which one is enough to reach a place: a country, eu or world.';
