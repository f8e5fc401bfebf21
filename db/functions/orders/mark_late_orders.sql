-- A job calls it every hour. An order is late when the day of ship_by is over and something of it is neither shipped nor refunded:
-- it is paid then. today: the day in UTC. The seller gets one mail an order, unless it is more than a week late: the first call
-- after an upgrade finds all the orders of years that were never marked as shipped.
-- Locks: the orders by id. Skips locked ones, which the next call finds.
create or replace function mark_late_orders(
  today date default (now() at time zone 'UTC')::date, batch_size integer default 500
) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_mails jsonb;
  v_orders integer;
begin
  with due as (
    select o.id from orders o
    where o.status = 'paid' and o.late_since is null and o.ship_by < today
    order by o.id
    limit batch_size
    for no key update skip locked
  ),
  late as (
    update orders o set late_since = (o.ship_by + 1)::timestamp at time zone 'UTC'
    from due
    where o.id = due.id
    returning o.id, o.status, o.shop_id, o.ship_by, o.late_since
  ),
  noted as (
    insert into order_events (order_id, status, detail, change)
    select l.id, l.status, jsonb_build_object('late_since', to_rfc3339(l.late_since)), 'late' from late l order by l.id
  )
  select count(*), jsonb_agg(jsonb_build_object('kind', 'order_late', 'user_id', s.owner_id, 'fact_id', l.id) order by l.id)
    filter (where l.ship_by >= today - 7)
  into v_orders, v_mails
  from late l join shops s on s.id = l.shop_id;
  if v_mails is not null then
    perform write_mails(v_mails);
  end if;
  return v_orders;
end;
$$;
comment on function mark_late_orders(date, integer) is
  'Marks up to batch_size paid orders whose ship_by has passed as late, and writes mails to the sellers of recent ones. Returns their number.';
