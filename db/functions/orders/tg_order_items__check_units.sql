-- Each row of refund_items and shipment_items checks its own line, so that a refund of many lines stays cheap.
create or replace function tg_order_items__check_units() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if greatest(
    (
      select greatest(sum(r.quantity) filter (where r.status <> 'failed'), sum(r.restocked))
      from refunded_units(new.order_id) r where r.line_id = new.line_id
    ),
    (select sum(si.quantity) from shipment_items si where si.order_id = new.order_id and si.line_id = new.line_id)
  ) > coalesce((select oi.quantity from order_items oi where oi.order_id = new.order_id and oi.id = new.line_id), 0)
  then
    raise exception using errcode = 'SWSUM', message = format(
      'More units of line %s of order %s are refunded, restocked or shipped than were bought.', new.line_id, new.order_id
    );
  end if;
  return null;
end;
$$;
comment on function tg_order_items__check_units() is
  'Refuses, at commit, more units of a line refunded, restocked or shipped than were bought, and lines of no order (SWSUM).';

create constraint trigger refund_items__check_units after insert on refund_items
  deferrable initially deferred for each row execute function tg_order_items__check_units();
create constraint trigger shipment_items__check_units after insert on shipment_items
  deferrable initially deferred for each row execute function tg_order_items__check_units();
