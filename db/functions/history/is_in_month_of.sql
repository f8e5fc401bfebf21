-- No search_path: inlined.
create or replace function is_in_month_of(order_id bigint, checkout_id bigint) returns boolean
language sql immutable
as $$
  select is_id_between(order_id, checkout_id / 1000000000 * 1000000000, checkout_id / 1000000000 * 1000000000 + 999999999)
$$;
comment on function is_in_month_of(bigint, bigint) is
  'Returns whether an order can belong to a checkout, by the month of its id. Without this condition, a query for a '
  'checkout''s orders reads every month.';
