create or replace function category_path(category_id bigint) returns text
language sql stable
set search_path = public, pg_temp
as $$
  with recursive above as (
    select c.name, c.parent_id, 1 as distance from categories c where c.id = category_path.category_id
    union all
    select c.name, c.parent_id, a.distance + 1 from categories c join above a on c.id = a.parent_id
  )
  select string_agg(a.name, ' > ' order by a.distance desc) from above a
$$;
comment on function category_path(bigint) is 'The names from the root down to a category, as a catalog file writes them.';
