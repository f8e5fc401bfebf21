create or replace function amount_left(p payments) returns numeric
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(sum(greatest(0, o.total - o.refunded - h.disputed)), 0)
  from orders o
  cross join lateral (
    select coalesce(sum(h.amount), 0) as disputed from order_holds h
    where h.order_id = o.id and (h.ended_at is null or h.is_lost)
  ) h
  where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id) and o.ship_by is not null
$$;
comment on function amount_left(payments) is 'Returns what the orders of a payment have left besides refunds and disputes, in US dollars.';
