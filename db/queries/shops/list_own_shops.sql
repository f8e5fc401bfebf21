-- The shops of a user, newest first.
-- $1 owner_id, $2 after: the cursor [id] of the page before, $3 limit
select shop_json(s) as item, json_build_array(s.id) as cursor
from shops s
where s.owner_id = $1 and ($2::jsonb is null or s.id < ($2 ->> 0)::bigint)
order by s.id desc
limit $3
