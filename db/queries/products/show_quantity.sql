-- The stock of a product and the version of its row, which every change of the row changes. Only its owner sees
-- that of an archived one or a draft.
-- $1 product_id, $2 user_id (0: anonymous)
select quantity_json(p) as body, row_version(p.xmin, p.updated_at) as version
from products p
where p.id = $1
  and (p.archived_at is null or exists (select from shops s where s.id = p.shop_id and s.owner_id = $2))
