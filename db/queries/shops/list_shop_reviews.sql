-- The reviews of a shop, newest first.
-- $1 shop_id, $2 after: the cursor [id] of the page before, $3 limit
select review_json(r, u) as item, json_build_array(r.id) as cursor
from reviews r
join users u on u.id = r.reviewer_id
where r.shop_id = $1 and ($2::jsonb is null or r.id < ($2 ->> 0)::bigint)
order by r.id desc
limit $3
