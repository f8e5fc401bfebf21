-- A refund that fails adds its amount to what its order owes the buyer. A refund that is made takes its amount off, not below 0,
-- so that one from before the failure counts for nothing. Only the amounts tell which refund takes the place of a failed one.
-- What is owed is at most what the order has left.
create or replace function refunds_owed_again() returns table (order_id bigint, amount numeric, last_failed_id bigint)
language sql stable
set search_path = public, pg_temp
as $$
  with failed as (
    select r.order_id, max(r.id) as last_failed_id from refunds r where r.status = 'failed' group by r.order_id
  ),
  changes as (
    select r.order_id, r.created_at as changed_at, -r.amount as amount
    from failed f join refunds r on r.order_id = f.order_id
    union all
    select r.order_id, r.updated_at, r.amount from refunds r where r.status = 'failed'
  ),
  running as (
    -- A refund that was made and failed at one time was made first.
    select c.order_id, c.amount, sum(c.amount) over (partition by c.order_id order by c.changed_at, c.amount) as so_far
    from changes c
  ),
  -- The sum without its part up to the lowest point is the sum that never goes below 0.
  owed as (
    select r.order_id, sum(r.amount) - least(min(r.so_far), 0) as amount from running r group by r.order_id
  )
  select o.id, least(owed.amount, o.total - o.refunded), f.last_failed_id
  from owed
  join failed f on f.order_id = owed.order_id
  join orders o on o.id = owed.order_id
  where least(owed.amount, o.total - o.refunded) > 0
$$;
comment on function refunds_owed_again() is
  'Returns the orders whose failed refunds were not made again, with the amount that is still owed and the last failed refund.';
