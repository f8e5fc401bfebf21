create or replace function list_missing_partitions(months_ahead integer default 12) returns table (parent text, month date)
language sql stable
set search_path = public, pg_temp
set timezone = 'UTC'
as $$
  select t.parent, months.month
  from (
    select (date_trunc('month', now()) + n * interval '1 month')::date as month from generate_series(0, months_ahead) n
  ) months
  cross join (
    values (1, 'orders'), (2, 'order_items'), (3, 'order_events'), (4, 'search_queries'), (5, 'search_reformulations'),
      (6, 'order_commissions'), (7, 'ledger_transactions'), (8, 'ledger_entries')
  ) t (place, parent)
  where to_regclass(t.parent || to_char(months.month, '_YYYYMM')) is null
  order by months.month, t.place
$$;
comment on function list_missing_partitions(integer) is
  'Returns the tables and months without a partition, from this month to months_ahead later, in the order in which to make them.';
