-- migrate:up
-- Reports for people, read by stallwright_readonly. The service reads none of them, so a later migration can replace them at will.
-- No function is in them, because a deploy could not replace it then.

-- A filter by day reaches the index ledger_transactions_day_idx.
create view daily_money as
select (t.created_at at time zone 'UTC')::date as day,
  count(distinct e.order_id) filter (where t.kind = 'sale') as sales,
  coalesce(-sum(e.amount) filter (where e.account = 'provider' and t.kind = 'sale'), 0) as captured,
  coalesce(sum(e.amount) filter (where e.account = 'provider' and t.kind in ('refund', 'refund_failed')), 0) as refunded,
  coalesce(sum(e.amount) filter (where e.account = 'provider' and t.kind = 'dispute_lost'), 0) as lost,
  coalesce(sum(e.amount) filter (where e.account = 'provider' and t.kind in ('payout_paid', 'payout_returned')), 0) as paid_out,
  coalesce(sum(e.amount) filter (where e.account = 'commission'), 0) as commission,
  coalesce(sum(e.amount) filter (where e.account = 'commission_tax'), 0) as commission_tax,
  coalesce(sum(e.amount) filter (where e.account = 'tax_payable'), 0) as tax_payable,
  coalesce(sum(e.amount) filter (where e.account = 'disputed'), 0) as disputed,
  coalesce(sum(e.amount) filter (where e.account like 'seller\_%'), 0) as owed,
  coalesce(-sum(e.amount) filter (where e.account = 'provider_fees'), 0) as provider_fees,
  coalesce(-sum(e.amount) filter (where e.account = 'platform_funding'), 0) as funded,
  coalesce(-sum(e.amount) filter (where e.account = 'bad_debt'), 0) as bad_debt
from ledger_transactions t
join ledger_entries e on e.transaction_id = t.id
group by (t.created_at at time zone 'UTC')::date;
comment on view daily_money is
  'The ledger by day: captured - refunded - lost - paid_out = commission + commission_tax + tax_payable + disputed + owed '
  '- funded - bad_debt. A fee is in no other column. Days without a movement have no row.';
comment on column daily_money.day is 'The day, in UTC.';
comment on column daily_money.sales is 'Orders paid on this day. Free ones move no money and do not count.';
comment on column daily_money.captured is 'What buyers paid, in US dollars.';
comment on column daily_money.refunded is 'What went back to buyers, without refunds that failed, in US dollars.';
comment on column daily_money.lost is 'What lost disputes took, in US dollars.';
comment on column daily_money.paid_out is 'What banks got for shops, without what they returned, in US dollars.';
comment on column daily_money.commission is 'Commissions of sales, less those that refunds and disputes took back, in US dollars.';
comment on column daily_money.commission_tax is 'The tax on these commissions, in US dollars.';
comment on column daily_money.tax_payable is 'Taxes of sales that the marketplace owes, in US dollars.';
comment on column daily_money.disputed is 'The change of what open disputes hold, in US dollars.';
comment on column daily_money.owed is 'The change of what shops are owed, in US dollars: pending, available and in transit.';
comment on column daily_money.provider_fees is 'Fees that the payment provider took, in US dollars.';
comment on column daily_money.funded is 'What the marketplace gave to shops of its own money (adjust_balance), in US dollars.';
comment on column daily_money.bad_debt is 'What lost disputes took beyond what orders had left, in US dollars.';

-- A filter by shop reads only its rows. All shops at once take a second for each million entries.
create view shop_money as
select s.id as shop_id, s.owner_id, o.sales, o.sold, o.refunded, o.lost, o.disputed, o.commission, o.commission_tax, o.tax_payable,
  t.adjusted, coalesce(b.pending, 0) as pending, coalesce(b.available, 0) as available, coalesce(b.in_transit, 0) as in_transit,
  p.paid_out, p.last_paid_at, o.sales_before, o.sold_before, o.refunded_before
from shops s
left join shop_balances b on b.shop_id = s.id
cross join lateral (
  select count(e.order_id) as sales, coalesce(sum(o.total) filter (where e.order_id is not null), 0) as sold,
    coalesce(sum(o.refunded) filter (where e.order_id is not null), 0) as refunded,
    coalesce(sum(e.lost), 0) as lost, coalesce(sum(e.disputed), 0) as disputed, coalesce(sum(e.commission), 0) as commission,
    coalesce(sum(e.commission_tax), 0) as commission_tax, coalesce(sum(e.tax_payable), 0) as tax_payable,
    count(*) filter (where e.order_id is null and o.total > 0) as sales_before,
    coalesce(sum(o.total) filter (where e.order_id is null), 0) as sold_before,
    coalesce(sum(o.refunded) filter (where e.order_id is null), 0) as refunded_before
  from orders o
  left join lateral (
    select e.order_id, sum(e.amount) filter (where e.account = 'disputed') as disputed,
      sum(e.amount) filter (where e.account = 'commission') as commission,
      sum(e.amount) filter (where e.account = 'commission_tax') as commission_tax,
      sum(e.amount) filter (where e.account = 'tax_payable') as tax_payable,
      (select sum(h.amount) from order_holds h where h.order_id = e.order_id and h.is_lost) as lost
    from ledger_entries e where e.order_id = o.id group by e.order_id
  ) e on true
  where o.shop_id = s.id and o.ship_by is not null
) o
cross join lateral (
  select coalesce(sum(t.amount), 0) as adjusted from transfers t where t.shop_id = s.id and t.order_id is null
) t
cross join lateral (
  select coalesce(sum(p.amount) filter (where p.status = 'paid'), 0) as paid_out, max(p.paid_at) as last_paid_at
  from payouts p where p.shop_id = s.id
) p;
comment on view shop_money is
  'The money of each shop in the ledger: sold - refunded - lost - disputed - commission - commission_tax - tax_payable + adjusted = '
  'pending + available + in_transit + paid_out. Sales from before the ledger are in the columns …_before, and in no other one.';
comment on column shop_money.shop_id is 'The shop.';
comment on column shop_money.owner_id is 'Its owner.';
comment on column shop_money.sales is 'Paid orders in the ledger. Free ones move no money and do not count.';
comment on column shop_money.sold is 'The totals of these orders, in US dollars.';
comment on column shop_money.refunded is 'What of it went back to buyers, or is owed to them, in US dollars.';
comment on column shop_money.lost is 'What of it lost disputes took, in US dollars.';
comment on column shop_money.disputed is 'What of it open disputes hold, in US dollars.';
comment on column shop_money.commission is 'What the marketplace kept as commission, in US dollars.';
comment on column shop_money.commission_tax is 'The tax on it, in US dollars.';
comment on column shop_money.tax_payable is 'Taxes of the sales that the marketplace pays, in US dollars.';
comment on column shop_money.adjusted is 'Adjustments by operators, in US dollars; below 0 for what they took.';
comment on column shop_money.pending is 'From sales that are not released yet, in US dollars.';
comment on column shop_money.available is 'Ready for a payout, in US dollars; below 0 for a debt.';
comment on column shop_money.in_transit is 'In payouts on their way, in US dollars.';
comment on column shop_money.paid_out is 'What the bank got, without what it returned, in US dollars.';
comment on column shop_money.last_paid_at is 'When the bank got the last payout; null without one.';
comment on column shop_money.sales_before is 'Orders that were paid before the ledger began, without free ones.';
comment on column shop_money.sold_before is 'The totals of these orders, in US dollars.';
comment on column shop_money.refunded_before is 'What of these went back to buyers, in US dollars.';

-- Sales, refunds and lost disputes come from orders, so that sales from before the ledger count. A filter by shop reads only its
-- orders. All shops of a year are a report for once a year.
create view seller_year as
select m.shop_id, s.owner_id, m.year,
  sum(m.sales)::bigint as sales,
  coalesce(sum(m.sales) filter (where m.quarter = 1), 0)::bigint as sales_q1,
  coalesce(sum(m.sales) filter (where m.quarter = 2), 0)::bigint as sales_q2,
  coalesce(sum(m.sales) filter (where m.quarter = 3), 0)::bigint as sales_q3,
  coalesce(sum(m.sales) filter (where m.quarter = 4), 0)::bigint as sales_q4,
  sum(m.sold) as sold,
  coalesce(sum(m.sold) filter (where m.quarter = 1), 0) as sold_q1,
  coalesce(sum(m.sold) filter (where m.quarter = 2), 0) as sold_q2,
  coalesce(sum(m.sold) filter (where m.quarter = 3), 0) as sold_q3,
  coalesce(sum(m.sold) filter (where m.quarter = 4), 0) as sold_q4,
  sum(m.refunded) as refunded,
  sum(m.commission) as commission,
  sum(m.commission_tax) as commission_tax,
  coalesce(sum(m.commission + m.commission_tax) filter (where m.quarter = 1), 0) as fees_q1,
  coalesce(sum(m.commission + m.commission_tax) filter (where m.quarter = 2), 0) as fees_q2,
  coalesce(sum(m.commission + m.commission_tax) filter (where m.quarter = 3), 0) as fees_q3,
  coalesce(sum(m.commission + m.commission_tax) filter (where m.quarter = 4), 0) as fees_q4,
  sum(m.tax_payable) as tax_payable
from (
  select o.shop_id, p.year, p.quarter, 1 as sales, o.total as sold, 0::numeric as refunded, 0::numeric as commission,
    0::numeric as commission_tax, o.tax as tax_payable
  from orders o
  cross join lateral (
    -- The events of an old month can be archived without its orders.
    select coalesce(min(e.created_at), o.created_at) at time zone 'UTC' as at
    from order_events e where e.order_id = o.id and e.status = 'paid'
  ) e
  cross join lateral (select extract(year from e.at)::integer as year, extract(quarter from e.at)::integer as quarter) p
  where o.ship_by is not null and o.total > 0
  union all
  select o.shop_id, extract(year from r.created_at at time zone 'UTC')::integer,
    extract(quarter from r.created_at at time zone 'UTC')::integer, 0, 0, r.amount, 0, 0, 0
  from orders o join refunds r on r.order_id = o.id
  where r.status <> 'failed'
  union all
  select o.shop_id, extract(year from h.ended_at at time zone 'UTC')::integer,
    extract(quarter from h.ended_at at time zone 'UTC')::integer, 0, 0, h.amount, 0, 0, 0
  from orders o join order_holds h on h.order_id = o.id
  where h.is_lost
  union all
  select o.shop_id, extract(year from e.created_at at time zone 'UTC')::integer,
    extract(quarter from e.created_at at time zone 'UTC')::integer, 0, 0, 0,
    case when e.account = 'commission' then e.amount else 0 end,
    case when e.account = 'commission_tax' then e.amount else 0 end,
    -- The tax of the sale is above.
    case when e.account = 'tax_payable' and t.kind <> 'sale' then e.amount else 0 end
  from orders o
  join ledger_entries e on e.order_id = o.id and e.account in ('commission', 'commission_tax', 'tax_payable')
  join ledger_transactions t on t.id = e.transaction_id
) m
join shops s on s.id = m.shop_id
group by m.shop_id, s.owner_id, m.year;
comment on view seller_year is
  'What each shop sold in a year, by the day of each movement in UTC, for reports to tax offices such as DAC7. Sales from before the '
  'ledger count. A shop without a movement in a year has no row.';
comment on column seller_year.shop_id is 'The shop.';
comment on column seller_year.owner_id is 'Its owner.';
comment on column seller_year.year is 'The year, in UTC.';
comment on column seller_year.sales is 'Orders paid in the year. Free ones move no money and do not count.';
comment on column seller_year.sales_q1 is 'Of these from January to March.';
comment on column seller_year.sales_q2 is 'Of these from April to June.';
comment on column seller_year.sales_q3 is 'Of these from July to September.';
comment on column seller_year.sales_q4 is 'Of these from October to December.';
comment on column seller_year.sold is 'What buyers paid for them, in US dollars.';
comment on column seller_year.sold_q1 is 'Of that from January to March, in US dollars.';
comment on column seller_year.sold_q2 is 'Of that from April to June, in US dollars.';
comment on column seller_year.sold_q3 is 'Of that from July to September, in US dollars.';
comment on column seller_year.sold_q4 is 'Of that from October to December, in US dollars.';
comment on column seller_year.refunded is
  'What went back to buyers in the year by refunds and lost disputes, also of earlier sales, in US dollars. A lost dispute counts if '
  'it was opened since the ledger began.';
comment on column seller_year.commission is 'Commissions of the year, less those that went back, in US dollars.';
comment on column seller_year.commission_tax is 'The tax on them, in US dollars.';
comment on column seller_year.fees_q1 is 'Commissions and their tax from January to March, in US dollars.';
comment on column seller_year.fees_q2 is 'Commissions and their tax from April to June, in US dollars.';
comment on column seller_year.fees_q3 is 'Commissions and their tax from July to September, in US dollars.';
comment on column seller_year.fees_q4 is 'Commissions and their tax from October to December, in US dollars.';
comment on column seller_year.tax_payable is 'Taxes of the sales that the marketplace pays, in US dollars.';

-- migrate:down
drop view seller_year;
drop view shop_money;
drop view daily_money;
