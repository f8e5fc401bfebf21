-- Who is signed in with this token. $1 token_hash
select s.user_id
from sessions s
where s.token_hash = $1 and s.expires_at > now()
