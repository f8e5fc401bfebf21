-- An order is due some days after it arrived, or after its last parcel left if no delivery is known (days_until_release). Only
-- what is booked as it should be is released: an order from before the ledger has nothing to release, and one whose refund a version
-- without the ledger did not book would give its shop too much.
-- The job release_earnings repeats it until it returns less than max_orders.
-- Locks: the orders, skipping locked ones; then, at the end, balances by shop, so that sales of the shops wait for a moment only.
create or replace function release_earnings(max_orders integer default 1000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_shipped_days constant integer := days_until_release('shipped');
  v_delivered_days constant integer := days_until_release('delivered');
  -- The earlier orders are from before the ledger. Without this, each call would look at all of them.
  v_first constant bigint := (select min(e.order_id) from ledger_entries e where e.order_id is not null);
  v_order_ids bigint[];
  v_released integer;
begin
  v_order_ids := array(
    select o.id
    from orders o
    where o.released_at is null and o.status in ('shipped', 'delivered') and o.id >= v_first and clock_timestamp() >= (
        select min(e.created_at) + make_interval(days => case o.status when 'delivered' then v_delivered_days else v_shipped_days end)
        from order_events e
        where e.order_id = o.id and is_in_month_of(e.order_id, o.id) and e.status = o.status
      )
      and is_booked(o)
      and not exists (select from order_holds h where h.order_id = o.id and h.ended_at is null)
    order by o.id
    limit max_orders
    for update skip locked
  );
  -- Another statement, so that it sees the holds and refunds which committed just before the locks. By the clock, because this
  -- transaction can be older than the hold that it follows.
  with released as (
    update orders o set released_at = clock_timestamp()
    where o.id = any (v_order_ids) and not exists (select from order_holds h where h.order_id = o.id and h.ended_at is null)
    returning o.id, o.shop_id
  ),
  moved as (
    select r.id, r.shop_id, e.amount
    from released r
    cross join lateral (
      select sum(e.amount) as amount from ledger_entries e
      where e.order_id = r.id and is_in_month_of(e.transaction_id, r.id) and e.account = 'seller_pending'
    ) e
    where e.amount <> 0
  ),
  noted as (
    insert into ledger_transactions (id, kind, source)
    select ledger_id(m.id), 'release', 'order:' || m.id from moved m
    returning id, source
  ),
  booked as (
    select n.id as transaction_id, m.* from noted n join moved m on n.source = 'order:' || m.id
  ),
  entered as (
    insert into ledger_entries (transaction_id, line_no, account, shop_id, order_id, amount)
    select b.transaction_id, l.line_no, l.account, b.shop_id, b.id, l.amount
    from booked b
    cross join lateral (values (1, 'seller_pending', -b.amount), (2, 'seller_available', b.amount)) l (line_no, account, amount)
  ),
  owed as (
    insert into transfers (transaction_id, shop_id, order_id, amount)
    select b.transaction_id, b.shop_id, b.id, b.amount from booked b order by b.id
  )
  select count(*) into v_released from released;
  return v_released;
end;
$$;
comment on function release_earnings(integer) is
  'Makes the earnings of orders whose time has passed available to their shops. Returns the number of orders.';
