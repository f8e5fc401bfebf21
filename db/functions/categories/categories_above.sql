create or replace function categories_above(category_id bigint) returns bigint[]
language sql stable
set search_path = public, pg_temp
as $$
  with recursive path as (
    select c.id, c.parent_id from categories c where c.id = categories_above.category_id
    union all
    select c.id, c.parent_id from categories c join path p on c.id = p.parent_id
  )
  select array_agg(p.id) from path p
$$;
comment on function categories_above(bigint) is 'Returns the ids of a category and of all above it.';
