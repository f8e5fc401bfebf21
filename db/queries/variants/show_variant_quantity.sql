-- The stock that a sale of a variant takes, and the version of the variant, which every change of its own stock changes. A sale of
-- the stock that variants share with their listing keeps it: set_variant_quantity refuses to set that stock. Only the owner sees
-- that of an archived listing or a draft.
-- $1 variant_id, $2 user_id (0: anonymous)
select variant_quantity_json(v, p) as body, row_version(v.xmin, v.updated_at) as version
from variants v
join products p on p.id = v.product_id
where v.id = $1 and v.archived_at is null
  and (p.archived_at is null or exists (select from shops s where s.id = p.shop_id and s.owner_id = $2))
