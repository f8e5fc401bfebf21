-- The argument is the column of the row that names the order.
create or replace function tg_orders__check_refunds() returns trigger
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
  return null;
end;
$$;
comment on function tg_orders__check_refunds() is 'Refuses, at commit, refunds that do not add up to orders.refunded (SWSUM).';

create constraint trigger orders__check_refunds after update of refunded on orders
  deferrable initially deferred for each row execute function tg_orders__check_refunds('id');
create constraint trigger refunds__check_order after insert or update on refunds
  deferrable initially deferred for each row execute function tg_orders__check_refunds('order_id');
