create or replace function top_category(category_id bigint) returns text
language sql stable
set search_path = public, pg_temp
as $$
  with recursive above as (
    select c.slug, c.parent_id from categories c where c.id = top_category.category_id
    union all
    select c.slug, c.parent_id from categories c join above a on c.id = a.parent_id
  )
  select a.slug from above a where a.parent_id is null
$$;
comment on function top_category(bigint) is 'Returns the slug of the root of a category, or null for null.';
