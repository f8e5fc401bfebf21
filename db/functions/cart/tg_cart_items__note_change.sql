create or replace function tg_cart_items__note_change() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes(array(select 'cart:' || c.user_id from changed c group by c.user_id));
  return null;
end;
$$;
comment on function tg_cart_items__note_change() is 'Writes changed carts into changes.';

create or replace trigger cart_items__note_inserted after insert on cart_items
  referencing new table as changed for each statement execute function tg_cart_items__note_change();
create or replace trigger cart_items__note_updated after update on cart_items
  referencing new table as changed for each statement execute function tg_cart_items__note_change();
create or replace trigger cart_items__note_deleted after delete on cart_items
  referencing old table as changed for each statement execute function tg_cart_items__note_change();
