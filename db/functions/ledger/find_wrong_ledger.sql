-- In one snapshot, and over the whole ledger: a million orders take seconds. Security definer, because it reads tables that the worker
-- does not.
create or replace function find_wrong_ledger() returns table (what text, id bigint, expected numeric, actual numeric)
language sql stable security definer
set search_path = public, pg_temp
as $$
  with gone as (
    -- The months of orders that an operator has detached.
    select m.month
    from (select distinct e.order_id / 1000000000 as month from ledger_entries e where e.order_id is not null) m
    where not exists (select from orders o where o.id between m.month * 1000000000 and m.month * 1000000000 + 999999999)
  ), balances as (
    select e.shop_id, e.account, sum(e.amount) as amount from ledger_entries e where e.shop_id is not null group by e.shop_id, e.account
  ), stored as (
    select b.shop_id, a.account, a.amount
    from shop_balances b
    cross join lateral (
      values ('seller_pending', b.pending), ('seller_available', b.available), ('seller_in_transit', b.in_transit)
    ) a (account, amount)
  )
  select 'entries of a transaction', e.transaction_id, 0::numeric, sum(e.amount)
  from ledger_entries e group by e.transaction_id having sum(e.amount) <> 0
  union all
  select 'balance of a shop: ' || coalesce(b.account, s.account), coalesce(b.shop_id, s.shop_id), coalesce(b.amount, 0), s.amount
  from balances b full join stored s using (shop_id, account)
  where coalesce(b.amount, 0) is distinct from coalesce(s.amount, 0)
  union all
  select 'items of a payout', p.id, p.amount, sum(t.amount)
  from payouts p left join payout_items i on i.payout_id = p.id left join transfers t on t.id = i.transfer_id
  group by p.id having p.amount is distinct from sum(t.amount)
  union all
  select 'transfers in no payout', b.shop_id, b.available, coalesce(sum(t.amount), 0)
  from shop_balances b left join transfers t on t.shop_id = b.shop_id and t.payout_id is null
  group by b.shop_id having b.available <> coalesce(sum(t.amount), 0)
  union all
  select 'open payouts', b.shop_id, b.in_transit, coalesce(sum(p.amount), 0)
  from shop_balances b left join payouts p on p.shop_id = b.shop_id and p.status in ('planned', 'sent', 'unknown')
  group by b.shop_id having b.in_transit <> coalesce(sum(p.amount), 0)
  union all
  select 'order: ' || w.account, w.order_id, w.expected, w.actual from find_wrong_shares() w
  union all
  select 'transaction without entries', t.id, null, null
  from ledger_transactions t
  where not exists (select from ledger_entries e where e.transaction_id = t.id)
  union all
  -- Captured - refunded - fees = owed + in transit + paid out + commission + disputed, and the rest of the accounts.
  -- Orders from before the ledger have no entries.
  select 'provider', null, captured.amount - lost.amount - paid_out.amount - fees.amount, -provider.amount
  from (
    select coalesce(sum(o.total - o.refunded), 0) as amount
    from orders o where o.ship_by is not null and exists (select from ledger_entries e where e.order_id = o.id)
  ) captured,
  (
    select coalesce(sum(d.amount), 0) as amount
    from disputes d
    join payments p on p.id = d.payment_id
    where d.status = 'lost' and p.checkout_id / 1000000000 not in (select g.month from gone g) and exists (
      select from order_holds h join ledger_entries e on e.order_id = h.order_id where h.source = 'dispute:' || d.id
    )
  ) lost,
  (select coalesce(sum(p.amount), 0) as amount from payouts p where p.status = 'paid') paid_out,
  (select -coalesce(sum(e.amount), 0) as amount from ledger_entries e where e.account = 'provider_fees') fees,
  (
    select coalesce(sum(e.amount), 0) as amount
    from ledger_entries e
    join ledger_transactions t on t.id = e.transaction_id
    where e.account = 'provider'
      -- Only what orders caused lies in their month, such as the part of a dispute that is beyond its orders.
      and (t.kind not in ('sale', 'refund', 'refund_failed', 'dispute_lost') or t.id / 1000000000 not in (select g.month from gone g))
  ) provider
  where captured.amount - lost.amount - paid_out.amount - fees.amount <> -provider.amount
$$;
comment on function find_wrong_ledger() is
  'Returns what does not add up in the ledger: what is compared, the id of the transaction, shop, payout or order, and both amounts.';
