-- The processing profiles of a shop, oldest first.
-- $1 shop_id, $2 after: the cursor [id] of the page before, $3 limit
select processing_profile_json(pp) as item, json_build_array(pp.id) as cursor
from processing_profiles pp
where pp.shop_id = $1 and ($2::jsonb is null or pp.id > ($2 ->> 0)::bigint)
order by pp.id
limit $3
