-- The user of a live session, and the seconds until it expires.
-- $1 token_hash
select s.user_id, extract(epoch from s.expires_at - now())::double precision as expires_in_s
from sessions s
where s.token_hash = $1 and s.expires_at > now()
