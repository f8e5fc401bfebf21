create or replace function amount_left(p payments) returns numeric
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(sum(greatest(0, left_of_order(o))), 0)
  from orders o
  where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id) and o.ship_by is not null
$$;
comment on function amount_left(payments) is 'Returns what the orders of a payment have left besides refunds and disputes, in US dollars.';
