-- In one snapshot, and set by set: order_shares costs 0.2 ms, so only orders with a follow-up or refund ask it, and those whose sums
-- are not the plain ones of a sale. An order that was paid before the first sale of the ledger has no entries. A month of orders
-- that is detached does not count.
-- Security definer, because order_shares takes whole orders, with the notes of buyers that stallwright_readonly may not read.
create or replace function find_wrong_shares() returns table (order_id bigint, account text, expected numeric, actual numeric)
language sql stable security definer
set search_path = public, pg_temp
as $$
  with had as materialized (
    select e.order_id,
      coalesce(sum(e.amount) filter (where e.account = 'provider'), 0) as provider,
      coalesce(sum(e.amount) filter (where e.account = 'disputed'), 0) as disputed,
      coalesce(sum(e.amount) filter (where e.account = 'commission'), 0) as commission,
      coalesce(sum(e.amount) filter (where e.account = 'commission_tax'), 0) as commission_tax,
      coalesce(sum(e.amount) filter (where e.account = 'tax_payable'), 0) as tax_payable,
      coalesce(sum(e.amount) filter (where e.account = 'seller_pending'), 0) as seller_pending,
      coalesce(sum(e.amount) filter (where e.account = 'seller_available'), 0) as seller_available
    from ledger_entries e
    where e.order_id is not null
    group by e.order_id
  ),
  missing as (
    select e.order_id
    from order_events e
    where e.status = 'paid' and e.created_at >= (select min(t.created_at) from ledger_transactions t where t.kind = 'sale')
      and not exists (select from had h where h.order_id = e.order_id)
      -- A refund that failed can make an order paid again.
      and not exists (
        select from order_events f
        where f.order_id = e.order_id and is_in_month_of(f.order_id, e.order_id) and f.status = 'paid' and f.id < e.id
      )
  ),
  kept as (
    select c.order_id, sum(c.amount) as amount, sum(c.tax) as tax from order_commissions c group by c.order_id
  ),
  doubtful as (
    select o, h
    from had h
    join orders o on o.id = h.order_id
    left join kept k on k.order_id = h.order_id
    where o.ship_by is not null and (
      o.has_follow_ups or o.refunded <> 0 or h.provider <> -o.total or h.disputed <> 0 or h.tax_payable <> o.tax
      or h.commission <> coalesce(k.amount, 0) or h.commission_tax <> coalesce(k.tax, 0)
      or h.seller_pending + h.seller_available <> o.total - o.tax - coalesce(k.amount + k.tax, 0)
      or (o.released_at is not null and h.seller_pending <> 0)
    )
    union all
    select o, null from missing m join orders o on o.id = m.order_id where o.ship_by is not null
  )
  select (d.o).id, s.account, s.amount, a.amount
  from doubtful d
  cross join lateral order_shares(d.o, coalesce((d.h).seller_available, 0)) s
  cross join lateral (
    select coalesce(
      case s.account
        when 'provider' then (d.h).provider
        when 'disputed' then (d.h).disputed
        when 'commission' then (d.h).commission
        when 'commission_tax' then (d.h).commission_tax
        when 'tax_payable' then (d.h).tax_payable
        when 'seller_pending' then (d.h).seller_pending
        when 'seller_available' then (d.h).seller_available
      end,
      0
    ) as amount
  ) a
  where s.amount <> a.amount
$$;
comment on function find_wrong_shares() is 'Returns the orders whose entries are not what order_shares says, for db/ops/ledger_equation.sql.';
