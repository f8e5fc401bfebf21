-- Somebody's cart, with its lines as they are kept for next time. $1 user_id, $2 lines as they were kept, or null
select l.lines::text as lines, cart_page($1, l.lines) as body
from (select coalesce($2::text::jsonb, cart_lines($1)) as lines) l
