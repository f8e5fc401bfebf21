-- Orders are written in the transaction of their checkout, and items in that of their order. A later one would change the parts
-- of an amount. The argument names the table of the whole. TG_TABLE_NAME would be a partition where a write names one.
create or replace function tg__refuse_late_parts() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_is_late boolean;
begin
  if tg_argv[0] = 'checkouts' then
    v_is_late := exists (select from added a join checkouts c on c.id = a.checkout_id where c.created_at <> now());
  else
    v_is_late := exists (select from added a join orders o on o.id = a.order_id where o.created_at <> now());
  end if;
  if v_is_late then
    raise exception using errcode = 'SWAPP', message = format('A later transaction cannot add parts to %s.', tg_argv[0]);
  end if;
  return null;
end;
$$;
comment on function tg__refuse_late_parts() is
  'Refuses orders and items that join a checkout or an order after its transaction (SWAPP).';

create or replace trigger orders__refuse_late_parts after insert on orders
  referencing new table as added for each statement execute function tg__refuse_late_parts('checkouts');
create or replace trigger order_items__refuse_late_parts after insert on order_items
  referencing new table as added for each statement execute function tg__refuse_late_parts('orders');
