-- Tidies up; nothing waits for it. A lapsed hold binds nobody from the moment it lapses, and what this run does not see the
-- next one does. It takes no product lock and skips lines that somebody is working on, so it can wait for nobody.
-- statement_timestamp: a clock that ticks within the statement could not be looked up in the index.
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
  'Deletes the cart lines whose hold has lapsed and returns them; a line of several units, or one that came back from a failed payment, stays without its hold.';
