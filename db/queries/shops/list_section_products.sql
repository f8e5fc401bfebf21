-- The listings of a section of a shop, newest first.
-- $1 shop_id, $2 section_id, $3 after: the cursor [created_at, id] of the page before, $4 limit
select shown_product_json(p, s, false) as item, json_build_array(p.created_at, p.id) as cursor
from products p
join shops s on s.id = p.shop_id
where p.section_id = $2
  and p.shop_id = $1
  and p.archived_at is null
  and ($3::jsonb is null or (p.created_at, p.id) < (($3 ->> 0)::timestamptz, ($3 ->> 1)::bigint))
order by p.created_at desc, p.id desc
limit $4
