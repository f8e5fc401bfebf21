-- Below 0 if a refund and a lost dispute have both taken the same money. No search_path: inlined.
create or replace function left_of_order(o orders) returns numeric
language sql stable
as $$
  select o.total - o.refunded - coalesce((
    select sum(h.amount) from order_holds h where h.order_id = o.id and (h.ended_at is null or h.is_lost)
  ), 0)
$$;
comment on function left_of_order(orders) is 'Returns what an order has left besides refunds and disputes, in US dollars.';
