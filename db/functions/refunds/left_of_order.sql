-- Below 0 if a refund and a lost dispute have both taken the same money.
create or replace function left_of_order(o orders) returns numeric
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return o.total - o.refunded - coalesce((
    select sum(h.amount) from order_holds h where h.order_id = o.id and (h.ended_at is null or h.is_lost)
  ), 0);
end;
$$;
comment on function left_of_order(orders) is 'Returns what an order has left besides refunds and disputes, in US dollars.';
