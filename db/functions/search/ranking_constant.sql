-- The planner replaces a call with a literal name by the number, so a call costs nothing per row.
create or replace function ranking_constant(name text) returns double precision
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select (ranking_constants() ->> ranking_constant.name)::double precision
$$;
comment on function ranking_constant(text) is 'One number of ranking_constants. Null for an unknown name.';
