-- A product, the root of its category (views are counted by it), and the version of its row. Archived products and drafts
-- are missing; sold-out ones are not.
-- $1 product_id
select product_json(p, s) as body, top_category(p.category_id) as category, row_version(p.xmin, p.updated_at) as version
from products p
join shops s on s.id = p.shop_id
where p.id = $1 and p.archived_at is null
