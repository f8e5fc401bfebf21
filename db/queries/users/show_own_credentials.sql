-- What checking somebody's current password needs. $1 user_id
select u.email, u.password from users u where u.id = $1
