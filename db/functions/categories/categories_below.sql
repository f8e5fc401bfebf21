create or replace function categories_below(slug text) returns table (category_id bigint)
language sql stable
set search_path = public, pg_temp
as $$
  with recursive below as (
    select c.id from categories c where c.slug = categories_below.slug
    union all
    select c.id from categories c join below b on c.parent_id = b.id
  )
  select b.id from below b
$$;
comment on function categories_below(text) is
  'Returns a category by its slug and all its descendants, or no row for an unknown slug.';
