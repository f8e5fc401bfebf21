-- A product's page, the root of its category for the count of views, and the version of its row; archived ones are gone, sold-out ones stay. $1 product_id
select product_json(p, s) as body, top_category(p.category_id) as category, row_version(p.xmin, p.updated_at) as version
from products p
join shops s on s.id = p.shop_id
where p.id = $1 and p.archived_at is null
