-- The argument is the column of the row that names the order.
create or replace function tg_orders__check_follow_ups() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_order_id constant bigint := to_jsonb(new) ->> tg_argv[0];
begin
  if (select o.refunded from orders o where o.id = v_order_id) <> (
    select coalesce(sum(r.amount), 0) from refunds r where r.order_id = v_order_id and r.status <> 'failed'
  ) then
    raise exception using errcode = 'SWSUM',
      message = format('The refunds of order %s do not add up to orders.refunded.', v_order_id);
  end if;
  if exists (
    select from (
      select r.line_id, greatest(sum(r.quantity) filter (where r.status <> 'failed'), sum(r.restocked)) as units
      from refunded_units(v_order_id) r
      group by r.line_id
      union all
      select si.line_id, sum(si.quantity) from shipment_items si where si.order_id = v_order_id group by si.line_id
    ) u
    left join order_items oi on oi.order_id = v_order_id and oi.id = u.line_id
    where u.units > coalesce(oi.quantity, 0)
  ) then
    raise exception using errcode = 'SWSUM',
      message = format('More units of a line of order %s are refunded, restocked or shipped than were bought.', v_order_id);
  end if;
  return null;
end;
$$;
comment on function tg_orders__check_follow_ups() is
  'Refuses, at commit, refunds that do not add up to orders.refunded, and more units refunded, restocked or shipped than bought '
  '(SWSUM).';

create constraint trigger orders__check_follow_ups after update of refunded on orders
  deferrable initially deferred for each row execute function tg_orders__check_follow_ups('id');
create constraint trigger refunds__check_follow_ups after insert or update on refunds
  deferrable initially deferred for each row execute function tg_orders__check_follow_ups('order_id');
create constraint trigger refund_items__check_follow_ups after insert on refund_items
  deferrable initially deferred for each row execute function tg_orders__check_follow_ups('order_id');
create constraint trigger shipment_items__check_follow_ups after insert on shipment_items
  deferrable initially deferred for each row execute function tg_orders__check_follow_ups('order_id');
