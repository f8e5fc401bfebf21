-- A person's own profile. $1 user_id
select user_json(u) as body
from users u
where u.id = $1
