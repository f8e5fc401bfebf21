-- The first unit costs the base, each further unit the extra. No search_path: inlined.
create or replace function shipping_cost(shipping jsonb, units bigint) returns numeric
language sql immutable parallel safe
as $$
  select (shipping ->> 'base')::numeric + (shipping ->> 'per_extra_item')::numeric * greatest(units - 1, 0)
$$;
comment on function shipping_cost(jsonb, bigint) is
  'Returns the shipping price of a number of units in one order, in US dollars.';
