-- The tree has a few hundred rows, so each level reads its children by the index on (parent_id, name).
create or replace function category_tree(parent_id bigint default null) returns json
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(json_agg(json_build_object(
    'id', c.id, 'slug', c.slug, 'name', c.name, 'children', category_tree(c.id)
  ) order by c.name), '[]')
  from categories c
  where c.parent_id is not distinct from category_tree.parent_id
$$;
comment on function category_tree(bigint) is 'Returns the categories below one, or all categories, each with its children.';
