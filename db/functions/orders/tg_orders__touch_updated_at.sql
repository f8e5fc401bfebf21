-- Not after the deletion of a note (erase_user) or the release of earnings: they write no event, and replay_order takes this time
-- from the events. The trigger names no columns, because a column that a trigger names cannot be dropped.
create or replace function tg_orders__touch_updated_at() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  if (new.note, new.gift_message, new.released_at) is not distinct from (old.note, old.gift_message, old.released_at) then
    new.updated_at := now();
  end if;
  return new;
end;
$$;
comment on function tg_orders__touch_updated_at() is
  'Sets updated_at on every update of an order except that of its notes or of its release.';

create or replace trigger orders__touch_updated_at before update on orders
  for each row execute function tg_orders__touch_updated_at();
