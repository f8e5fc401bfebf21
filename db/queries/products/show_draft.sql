-- A draft for its owner, and the version of its row.
-- $1 product_id, $2 user_id
select product_json(p, s) as body, row_version(p.xmin, p.updated_at) as version
from products p
join shops s on s.id = p.shop_id
where p.id = $1 and p.is_draft and s.owner_id = $2
