-- The favorites of a user, newest first.
-- $1 user_id, $2 fav_type or null, $3 after: the cursor [created_at, fav_type, fav_id] of the page before, $4 limit
select
  json_build_object(
    'fav_type', f.fav_type,
    'fav_id', f.fav_id,
    'created_at', to_rfc3339(f.created_at),
    'product', case when p.id is not null then shown_product_json(p, ps, false) end,
    'shop', case when s.id is not null then shop_json(s) end
  ) as item,
  json_build_array(f.created_at, f.fav_type, f.fav_id) as cursor
from favorites f
left join products p on f.fav_type = 'product' and p.id = f.fav_id
left join shops ps on ps.id = p.shop_id
left join shops s on f.fav_type = 'shop' and s.id = f.fav_id
where f.user_id = $1
  and ($2::text is null or f.fav_type = $2)
  and (
    $3::jsonb is null
    or (f.created_at, f.fav_type, f.fav_id) < (($3 ->> 0)::timestamptz, $3 ->> 1, ($3 ->> 2)::bigint)
  )
order by f.created_at desc, f.fav_type desc, f.fav_id desc
limit $4
