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
  '- provider_fees - funded - bad_debt. Days without a movement have no row.';
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
comment on column daily_money.provider_fees is 'Fees of the payment provider, in US dollars.';
comment on column daily_money.funded is 'What the marketplace gave to shops of its own money (adjust_balance), in US dollars.';
comment on column daily_money.bad_debt is 'What lost disputes took beyond what orders had left, in US dollars.';

-- A filter by shop reads only its rows. All shops at once take a second for each million entries.
create view shop_money as
select s.id as shop_id, s.owner_id, o.sales, o.sold, o.refunded, k.commission, k.commission_tax, t.adjusted,
  coalesce(b.pending, 0) as pending, coalesce(b.available, 0) as available, coalesce(b.in_transit, 0) as in_transit,
  p.paid_out, p.last_paid_at
from shops s
left join shop_balances b on b.shop_id = s.id
cross join lateral (
  select count(*) as sales, coalesce(sum(o.total), 0) as sold, coalesce(sum(o.refunded), 0) as refunded
  from orders o where o.shop_id = s.id and o.ship_by is not null
) o
cross join lateral (
  select coalesce(sum(e.amount) filter (where e.account = 'commission'), 0) as commission,
    coalesce(sum(e.amount) filter (where e.account = 'commission_tax'), 0) as commission_tax
  from orders o join ledger_entries e on e.order_id = o.id and e.account in ('commission', 'commission_tax')
  where o.shop_id = s.id and o.ship_by is not null
) k
cross join lateral (
  select coalesce(sum(t.amount), 0) as adjusted from transfers t where t.shop_id = s.id and t.order_id is null
) t
cross join lateral (
  select coalesce(sum(p.amount) filter (where p.status = 'paid'), 0) as paid_out, max(p.paid_at) as last_paid_at
  from payouts p where p.shop_id = s.id
) p;
comment on view shop_money is 'The money of each shop since it opened, and what the marketplace owes it now.';
comment on column shop_money.shop_id is 'The shop.';
comment on column shop_money.owner_id is 'Its owner.';
comment on column shop_money.sales is 'Orders that were paid.';
comment on column shop_money.sold is 'The totals of these orders, in US dollars.';
comment on column shop_money.refunded is 'What of it went back to buyers, or is owed to them, in US dollars.';
comment on column shop_money.commission is 'What the marketplace kept as commission, in US dollars.';
comment on column shop_money.commission_tax is 'The tax on it, in US dollars.';
comment on column shop_money.adjusted is 'Adjustments by operators, in US dollars; below 0 for what they took.';
comment on column shop_money.pending is 'From sales that are not released yet, in US dollars.';
comment on column shop_money.available is 'Ready for a payout, in US dollars; below 0 for a debt.';
comment on column shop_money.in_transit is 'In payouts on their way, in US dollars.';
comment on column shop_money.paid_out is 'What the bank got, without what it returned, in US dollars.';
comment on column shop_money.last_paid_at is 'When the bank got the last payout; null without one.';

-- A filter by shop reads only its orders. All shops of a year are a report for once a year.
create view seller_year as
select o.shop_id, s.owner_id, extract(year from e.created_at at time zone 'UTC')::integer as year,
  count(*) filter (where t.kind = 'sale' and e.account = 'provider') as sales,
  coalesce(-sum(e.amount) filter (where t.kind = 'sale' and e.account = 'provider'), 0) as sold,
  coalesce(-sum(e.amount) filter (where t.kind = 'sale' and e.account = 'provider' and q.quarter = 1), 0) as sold_q1,
  coalesce(-sum(e.amount) filter (where t.kind = 'sale' and e.account = 'provider' and q.quarter = 2), 0) as sold_q2,
  coalesce(-sum(e.amount) filter (where t.kind = 'sale' and e.account = 'provider' and q.quarter = 3), 0) as sold_q3,
  coalesce(-sum(e.amount) filter (where t.kind = 'sale' and e.account = 'provider' and q.quarter = 4), 0) as sold_q4,
  coalesce(sum(e.amount) filter (where t.kind <> 'sale' and e.account = 'provider'), 0) as refunded,
  coalesce(sum(e.amount) filter (where e.account = 'commission'), 0) as commission,
  coalesce(sum(e.amount) filter (where e.account = 'commission_tax'), 0) as commission_tax,
  coalesce(sum(e.amount) filter (where e.account = 'tax_payable'), 0) as tax_payable
from orders o
join shops s on s.id = o.shop_id
join ledger_entries e on e.order_id = o.id and e.account in ('provider', 'commission', 'commission_tax', 'tax_payable')
join ledger_transactions t on t.id = e.transaction_id
cross join lateral (select extract(quarter from e.created_at at time zone 'UTC') as quarter) q
group by o.shop_id, s.owner_id, extract(year from e.created_at at time zone 'UTC')::integer;
comment on view seller_year is
  'What each shop sold in a year, by the day of each movement in UTC, for reports to tax offices such as DAC7. A shop without a '
  'movement in a year has no row.';
comment on column seller_year.shop_id is 'The shop.';
comment on column seller_year.owner_id is 'Its owner.';
comment on column seller_year.year is 'The year, in UTC.';
comment on column seller_year.sales is 'Orders paid in the year. Free ones move no money and do not count.';
comment on column seller_year.sold is 'What buyers paid for them, in US dollars.';
comment on column seller_year.sold_q1 is 'Of that from January to March, in US dollars.';
comment on column seller_year.sold_q2 is 'Of that from April to June, in US dollars.';
comment on column seller_year.sold_q3 is 'Of that from July to September, in US dollars.';
comment on column seller_year.sold_q4 is 'Of that from October to December, in US dollars.';
comment on column seller_year.refunded is
  'What went back to buyers in the year by refunds and lost disputes, also of earlier sales, in US dollars.';
comment on column seller_year.commission is 'Commissions of the year, less those that went back, in US dollars.';
comment on column seller_year.commission_tax is 'The tax on them, in US dollars.';
comment on column seller_year.tax_payable is 'Taxes of the sales that the marketplace pays, in US dollars.';

-- migrate:down
drop view seller_year;
drop view shop_money;
drop view daily_money;
