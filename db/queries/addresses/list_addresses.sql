-- The address book of a person: the default first, then the newest first.
-- $1 user_id, $2 after: the cursor [id, is_default] of the page before, $3 limit
select address_json(a) as item, json_build_array(a.id, a.is_default) as cursor
from addresses a
where a.user_id = $1 and ($2::jsonb is null or (a.is_default, a.id) < (($2 ->> 1)::boolean, ($2 ->> 0)::bigint))
order by a.is_default desc, a.id desc
limit $3
