-- The listings of a seller in one shop or in all, archived ones and drafts included, newest first.
-- $1 owner_id, $2 shop_id or null, $3 state or null, $4 after: the cursor [created_at, id] of the page before, $5 limit
select shown_product_json(p, s, false) as item, json_build_array(p.created_at, p.id) as cursor
from shops s
join products p on p.shop_id = s.id
where s.owner_id = $1
  and ($2::bigint is null or s.id = $2)
  and ($3::text is null or product_state(p) = $3)
  and ($4::jsonb is null or (p.created_at, p.id) < (($4 ->> 0)::timestamptz, ($4 ->> 1)::bigint))
order by p.created_at desc, p.id desc
limit $5
