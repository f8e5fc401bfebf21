-- A lapsed hold binds no buyer, so nothing waits for this function. It takes no product lock and skips locked lines, so it never
-- waits. The next run finds skipped lines. It uses statement_timestamp, because clock_timestamp changes within the statement and
-- so cannot use the index.
create or replace function expire_reservations()
returns table (id bigint, user_id bigint, product_id bigint, quantity integer, reserved_until timestamptz)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select deleted.id, deleted.user_id, deleted.product_id, deleted.quantity, deleted.reserved_until
  from end_lapsed_holds(array(
    select lapsed.id from cart_items lapsed
    where lapsed.reserved_until <= statement_timestamp()
    for update skip locked
  )) deleted
$$;
comment on function expire_reservations() is
  'Deletes cart lines with a lapsed hold and returns them. A line of several units, or one that came back from a failed '
  'payment, stays without its hold.';
