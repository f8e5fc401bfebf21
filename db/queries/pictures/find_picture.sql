-- The key of a stored picture, or no row if the name is wrong or the picture is removed.
-- $1 id, $2 key: the name, which begins with the id
select picture_key(p) as key
from pictures p
where p.id = $1 and picture_key(p) = $2 and p.stored_at is not null and p.removed_at is null
