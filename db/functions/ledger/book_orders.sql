-- Brings the entries of orders, which the caller has locked, to order_shares. The orders are of one checkout. kind and source as in
-- ledger_transactions. A change that moves no money books nothing.
-- An order without entries was sold before the ledger began. Nothing of it is booked: its money has gone another way.
-- Locks: balances of the shops by id.
create or replace function book_orders(kind text, source text, order_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_id constant bigint := ledger_id(order_ids[1]);
begin
  with had as (
    select e.order_id, e.account, sum(e.amount) as amount
    from ledger_entries e
    -- A sale is the first transaction of its orders.
    where book_orders.kind <> 'sale' and e.order_id = any (order_ids) and is_in_month_of(e.transaction_id, order_ids[1])
    group by e.order_id, e.account
  ),
  booked as (
    insert into ledger_entries (transaction_id, line_no, account, shop_id, order_id, amount)
    -- Lines of shops first, so that their numbers are small (ledger_entry_id).
    select v_id, row_number() over (order by s.account ^@ 'seller_' desc, o.id, s.account), s.account,
      case when s.account ^@ 'seller_' then o.shop_id end, o.id, s.amount - coalesce(h.amount, 0)
    from orders o
    left join had a on a.order_id = o.id and a.account = 'seller_available'
    cross join lateral order_shares(o, coalesce(a.amount, 0)) s
    left join had h on h.order_id = o.id and h.account = s.account
    where o.id = any (order_ids) and is_in_month_of(o.id, order_ids[1]) and s.amount <> coalesce(h.amount, 0)
      and (book_orders.kind = 'sale' or exists (select from had where had.order_id = o.id))
    returning ledger_entries.*
  ),
  owed as (
    insert into transfers (transaction_id, shop_id, order_id, amount)
    select b.transaction_id, b.shop_id, b.order_id, b.amount from booked b where b.account = 'seller_available' order by b.line_no
  )
  insert into ledger_transactions (id, kind, source)
  select v_id, book_orders.kind, book_orders.source from booked b limit 1;
end;
$$;
comment on function book_orders(text, text, bigint[]) is
  'Books what a sale, refund or dispute has changed for orders of a checkout, as one ledger transaction.';
