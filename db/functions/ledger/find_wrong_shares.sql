-- Orders from before the first sale of the ledger have no entries.
-- Security definer, because order_shares takes whole orders, with the notes of buyers that stallwright_readonly may not read.
create or replace function find_wrong_shares() returns table (order_id bigint, account text, expected numeric, actual numeric)
language sql stable security definer
set search_path = public, pg_temp
as $$
  with had as (
    select e.order_id, e.account, sum(e.amount) as amount
    from ledger_entries e
    where e.order_id is not null
    group by e.order_id, e.account
  )
  select o.id, s.account, s.amount, coalesce(h.amount, 0)
  from orders o
  left join had a on a.order_id = o.id and a.account = 'seller_available'
  cross join lateral order_shares(o, coalesce(a.amount, 0)) s
  left join had h on h.order_id = o.id and h.account = s.account
  where o.ship_by is not null and s.amount <> coalesce(h.amount, 0)
    and (o.id >= (select min(had.order_id) from had) or exists (select from had where had.order_id = o.id))
$$;
comment on function find_wrong_shares() is 'Returns the orders whose entries are not what order_shares says, for db/ops/ledger_equation.sql.';
