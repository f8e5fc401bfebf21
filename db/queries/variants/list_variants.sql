-- The variants of a listing, oldest first. Only its owner sees those of an archived listing or a draft.
-- $1 product_id, $2 user_id (0: anonymous), $3 after: the cursor [id] of the page before, $4 limit
select variant_json(v, p) as item, json_build_array(v.id) as cursor
from products p
join variants v on v.product_id = p.id and v.archived_at is null
where p.id = $1
  and (p.archived_at is null or exists (select from shops s where s.id = p.shop_id and s.owner_id = $2))
  and ($3::jsonb is null or v.id > ($3 ->> 0)::bigint)
order by v.id
limit $4
