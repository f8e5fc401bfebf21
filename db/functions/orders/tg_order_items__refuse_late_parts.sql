-- Items are written in the transaction of their order. One that joins later would change what its subtotal stands for.
create or replace function tg_order_items__refuse_late_parts() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if exists (select from added a join orders o on o.id = a.order_id where o.created_at <> now()) then
    raise exception using errcode = 'SWAPP', message = 'order_items cannot be added to a checkout that is made.';
  end if;
  return null;
end;
$$;
comment on function tg_order_items__refuse_late_parts() is 'Refuses items that join an order after its transaction (SWAPP).';

create or replace trigger order_items__refuse_late_parts after insert on order_items
  referencing new table as added for each statement execute function tg_order_items__refuse_late_parts();
