-- The orders of a buyer, newest first.
-- $1 user_id, $2 status or null, $3 created_from (inclusive) or null, $4 created_to (exclusive) or null, $5 after: the cursor
-- [created_at, id] of the page before, $6 limit
select order_json(o) as item, json_build_array(o.created_at, o.id) as cursor
from orders o
where o.buyer_id = $1
  and ($2::text is null or o.status = $2)
  and ($3::timestamptz is null or o.created_at >= $3)
  and ($4::timestamptz is null or o.created_at < $4)
  and ($5::jsonb is null or (o.created_at, o.id) < (($5 ->> 0)::timestamptz, ($5 ->> 1)::bigint))
  -- Reads only the partitions of the months in question, and never one later than tomorrow (clocks differ).
  and is_id_between(
    o.id,
    greatest((select first_dated_id($3)), 0),
    least(last_dated_id($4), last_dated_id(($5 ->> 0)::timestamptz), last_dated_id(now() + interval '1 day'))
  )
order by o.created_at desc, o.id desc
limit $6
