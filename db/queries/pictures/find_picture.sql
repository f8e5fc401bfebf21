-- Whether a picture of this name is to be seen. $1 id and $2 key: the name and the id it begins with
select picture_key(p) as key
from pictures p
where p.id = $1 and picture_key(p) = $2 and p.stored_at is not null and p.removed_at is null
