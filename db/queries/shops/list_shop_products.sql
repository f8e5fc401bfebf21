-- The listings of a shop, newest first.
-- $1 shop_id, $2 after: the cursor [created_at, id] of the page before, $3 limit
select shown_product_json(p, s, false) as item, json_build_array(p.created_at, p.id) as cursor
from products p
join shops s on s.id = p.shop_id
where p.shop_id = $1
  and p.archived_at is null
  and ($2::jsonb is null or (p.created_at, p.id) < (($2 ->> 0)::timestamptz, ($2 ->> 1)::bigint))
order by p.created_at desc, p.id desc
limit $3
