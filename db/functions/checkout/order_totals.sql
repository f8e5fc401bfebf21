-- PostgreSQL would plan a look-up in one month's range of ids in each call. The plan is the same for every month.
create or replace function order_totals(checkout_id bigint) returns text[]
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
  return array(
    select o.total::text from orders o
    where o.checkout_id = order_totals.checkout_id and is_in_month_of(o.id, order_totals.checkout_id)
  );
end;
$$;
comment on function order_totals(bigint) is 'Returns the totals of the orders of a checkout, for metrics.';
