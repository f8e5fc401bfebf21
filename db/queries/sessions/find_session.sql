-- The user of a live session, and the seconds until it expires. The first use after a day writes it and moves the end.
-- $1 token_hash
select s.user_id, extract(epoch from
  case when s.last_used_at > now() - interval '1 day' then s.expires_at else coalesce(use_session(s.id), s.expires_at) end - now()
)::double precision as expires_in_s
from sessions s
where s.token_hash = $1 and s.expires_at > now()
