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
