-- Orders are written in the transaction of their checkout. One that joins later would change what its total stands for.
create or replace function tg_orders__refuse_late_parts() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if exists (select from added a join checkouts c on c.id = a.checkout_id where c.created_at <> now()) then
    raise exception using errcode = 'SWAPP', message = 'orders cannot be added to a checkout that is made.';
  end if;
  return null;
end;
$$;
comment on function tg_orders__refuse_late_parts() is 'Refuses orders that join a checkout after its transaction (SWAPP).';

create or replace trigger orders__refuse_late_parts after insert on orders
  referencing new table as added for each statement execute function tg_orders__refuse_late_parts();
