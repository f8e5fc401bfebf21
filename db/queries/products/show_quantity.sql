-- The stock of a product with the version of its row, which every change of the row renews; an archived one for its owner alone. $1 product_id, $2 user_id, 0 for nobody
select quantity_json(p) as body, row_version(p.xmin, p.updated_at) as version
from products p
where p.id = $1
  and (p.archived_at is null or exists (select from shops s where s.id = p.shop_id and s.owner_id = $2))
