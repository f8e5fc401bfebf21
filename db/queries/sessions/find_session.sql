-- Who is signed in with this token, and for how much longer. $1 token_hash
select s.user_id, extract(epoch from s.expires_at - now())::double precision as expires_in_s
from sessions s
where s.token_hash = $1 and s.expires_at > now()
