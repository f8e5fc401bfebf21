-- A category, its ancestors from the top, and the tree below it.
-- $1 slug
with recursive way as (
  select c.id, c.slug, c.name, c.parent_id, 0 as height from categories c where c.slug = $1
  union all
  select p.id, p.slug, p.name, p.parent_id, w.height + 1 from way w join categories p on p.id = w.parent_id
)
select json_build_object(
  'id', w.id,
  'slug', w.slug,
  'name', w.name,
  'ancestors', (
    select coalesce(json_agg(json_build_object('id', a.id, 'slug', a.slug, 'name', a.name) order by a.height desc), '[]')
    from way a
    where a.height > 0
  ),
  'children', category_tree(w.id)
) as body
from way w
where w.height = 0
