create or replace function postage_left(o orders) returns numeric
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return o.shipping - (
    select coalesce(sum(r.shipping), 0) from refunds r where r.order_id = o.id and r.status <> 'failed'
  );
end;
$$;
comment on function postage_left(orders) is 'Returns the postage of an order that can still be refunded, in US dollars.';
