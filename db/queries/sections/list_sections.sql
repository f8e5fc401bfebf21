-- The sections of a shop in their order.
-- $1 shop_id
select json_build_object(
  'items', coalesce((select json_agg(section_json(x) order by x.position, x.id) from shop_sections x where x.shop_id = s.id), '[]')
) as body
from shops s
where s.id = $1
