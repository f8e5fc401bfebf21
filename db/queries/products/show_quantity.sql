-- The stock of a product with the version of its row, which every change of the row renews. $1 product_id
select quantity_json(p) as body, row_version(p.xmin, p.updated_at) as version
from products p
where p.id = $1 and p.archived_at is null
