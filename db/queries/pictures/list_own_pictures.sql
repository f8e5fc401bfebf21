-- The pictures of a user, newest first.
-- $1 owner_id, $2 base_url, $3 after: the cursor [uploaded_at, id] of the page before, $4 limit
select picture_json(p, $2) as item, json_build_array(p.uploaded_at, p.id) as cursor
from pictures p
where p.owner_id = $1 and p.stored_at is not null and p.removed_at is null
  and ($3::jsonb is null or (p.uploaded_at, p.id) < (($3 ->> 0)::timestamptz, ($3 ->> 1)::bigint))
order by p.uploaded_at desc, p.id desc
limit $4
