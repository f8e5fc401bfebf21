-- The live sessions of a user, newest first, at most 100.
-- $1 user_id, $2 token_hash of the caller's session
select coalesce(json_agg(json_build_object(
  'id', s.id,
  'device', s.device,
  'created_at', to_rfc3339(s.created_at),
  'last_used_at', to_rfc3339(s.last_used_at),
  'expires_at', to_rfc3339(s.expires_at),
  'current', s.token_hash = $2
) order by s.id desc), '[]') as items
from (
  select * from sessions live
  where live.user_id = $1 and live.expires_at > now()
  order by live.id desc
  limit 100
) s
