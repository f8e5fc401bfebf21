-- An operator holds by an insert. The same words again change nothing while they hold, and hold again after they ended.
-- Locks: the order, so that a release which has begun ends first.
create or replace function tg_order_holds__check_operator() returns trigger
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders;
begin
  select o.* into v_order from orders o where o.id = new.order_id for no key update;
  if v_order.id is null then
    raise exception using errcode = 'SWNTF', message = 'There is no such order.';
  elsif v_order.released_at is not null then
    raise exception using errcode = 'SWPHL',
      message = format('The earnings of order %s are released. Take them from its shop by an adjustment (adjust_balance).', new.order_id);
  end if;
  update order_holds h set ended_at = null, created_at = case when h.ended_at is null then h.created_at else new.created_at end
  where h.order_id = new.order_id and h.kind = new.kind and h.source = new.source;
  return case when found then null else new end;
end;
$$;
comment on function tg_order_holds__check_operator() is
  'Refuses a hold of an operator on an order that is released (SWPHL) or does not exist (SWNTF). Repeats one without an error.';

create or replace trigger order_holds__check_operator before insert on order_holds
  for each row when (new.kind = 'operator') execute function tg_order_holds__check_operator();
