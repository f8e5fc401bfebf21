-- A product's page and the list of a shop show the shop's name, rating and vacation, and the vacation's message while it lasts.
create or replace function tg_shops__note_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_keys text[] := array['shop:' || new.id];
begin
  if (old.name, old.rating, old.is_on_vacation, case when old.is_on_vacation then old.vacation_message end)
    is distinct from (new.name, new.rating, new.is_on_vacation, case when new.is_on_vacation then new.vacation_message end)
  then
    v_keys := v_keys || ('shop:' || new.id || ':products')
      || array(select 'product:' || p.id from products p where p.shop_id = new.id and p.archived_at is null);
  end if;
  perform note_changes(
    v_keys,
    sales_shop_id => case when (old.rating, old.sales_count) is distinct from (new.rating, new.sales_count) then new.id end
  );
  return null;
end;
$$;
comment on function tg_shops__note_updated() is
  'Writes a changed shop into changes: its page, its listings where they show it, and its rating and sales.';

create or replace trigger shops__note_updated after update on shops
  for each row execute function tg_shops__note_updated();
