-- A picture, for its owner.
-- $1 picture_id, $2 owner_id, $3 base_url
select picture_json(p, $3) as body
from pictures p
where p.id = $1 and p.owner_id = $2 and p.stored_at is not null and p.removed_at is null
