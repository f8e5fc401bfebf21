-- US dollars are numeric(10, 2). The lint lists the exceptions: numeric columns that are not money, or sums over any number of
-- orders.
select format('%s.%s', a.attrelid::regclass, a.attname) as object,
  format('%s: money is numeric(10,2).', format_type(a.atttypid, a.atttypmod)) as finding
from pg_attribute a
join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
where a.attnum > 0
  and not a.attisdropped
  and format_type(a.atttypid, a.atttypmod) <> 'numeric(10,2)'
  and (
    a.atttypid = 'numeric'::regtype
    or a.attname ~ '^(price|price_.*|.*_price|amount|subtotal|total|refunded)$'
    or a.attname = 'shipping' and c.relname <> 'shops'
  )
  and (c.relname, a.attname) not in (('shops', 'rating'), ('shop_statistics', 'revenue'), ('shop_statistics', 'refunded'))
  -- The ledger: sums over any number of orders, and percents.
  and not (
    format_type(a.atttypid, a.atttypmod) = 'numeric(12,2)'
    and (c.relname in ('payouts', 'shop_balances', 'transfers') or c.relname ~ '^ledger_entries(_\d{6})?$')
  )
  and not (
    format_type(a.atttypid, a.atttypmod) = 'numeric(5,2)'
    and a.attname in ('percent', 'tax_percent')
    and c.relname ~ '^(commission_rates|order_commissions(_\d{6})?)$'
  )
