-- Records what becomes stale when listings come or go: their pages, their shops, the lists of their shops, and the search index.
create or replace function tg_products__note_change() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes(
    array(
      select k.key
      from changed c
      cross join lateral (values ('product:' || c.id), ('shop:' || c.shop_id), ('shop:' || c.shop_id || ':products')) k (key)
      group by k.key
    ),
    array(select c.id from changed c order by c.id)
  );
  return null;
end;
$$;
comment on function tg_products__note_change() is 'Writes new and deleted listings into changes.';

create or replace trigger products__note_inserted after insert on products
  referencing new table as changed for each statement execute function tg_products__note_change();
create or replace trigger products__note_deleted after delete on products
  referencing old table as changed for each statement execute function tg_products__note_change();
