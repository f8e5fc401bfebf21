create or replace function tg_orders__refuse_held_release() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if exists (select from order_holds h where h.order_id = new.id and h.ended_at is null) then
    raise exception using errcode = 'SWPHL', message = format('The earnings of order %s are held.', new.id);
  end if;
  return new;
end;
$$;
comment on function tg_orders__refuse_held_release() is 'Refuses to release the earnings of an order while a hold is on it (SWPHL).';

create or replace trigger orders__refuse_held_release before update of released_at on orders
  for each row when (new.released_at is not null) execute function tg_orders__refuse_held_release();
