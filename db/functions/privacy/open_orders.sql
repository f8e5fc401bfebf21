-- An order that was shipped is not open: it needs nothing more from the person. A payment that failed after all (late_charges) is
-- open until the money is back.
create or replace function open_orders(user_id bigint) returns bigint[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return array(
    select o.id
    from (
      select o.* from orders o where o.buyer_id = open_orders.user_id
      union all
      select o.* from orders o where o.shop_id in (select s.id from shops s where s.owner_id = open_orders.user_id)
    ) o
    where o.status in ('pending', 'paid')
      or o.has_follow_ups and exists (
        select from refunds r where r.order_id = o.id and r.status in ('pending', 'sent')
        union all
        select from payments p join disputes d on d.payment_id = p.id where p.checkout_id = o.checkout_id and d.status = 'open'
      )
      or o.status = 'cancelled' and exists (
        select from payments p join late_charges lc on lc.payment_id = p.id
        where p.checkout_id = o.checkout_id and lc.status in ('pending', 'sent')
      )
    order by 1
    limit 100
  );
end;
$$;
comment on function open_orders(bigint) is
  'Returns the first 100 orders of a person, as buyer or seller, that wait for a shipment, a refund or the end of a dispute.';
