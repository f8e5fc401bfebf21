-- The only statement that reads a password hash. $1 email
select u.id, u.password
from users u
where lower(u.email) = lower($1)
