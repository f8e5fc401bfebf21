-- The page of a listing or shop shows how many people like it, and so does a shop's list of its products.
create or replace function tg_favorites__note_change() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes(array(
    select c.fav_type || ':' || c.fav_id from changed c
    union
    select 'shop:' || p.shop_id || ':products'
    from changed c join products p on p.id = c.fav_id where c.fav_type = 'product'
  ));
  return null;
end;
$$;
comment on function tg_favorites__note_change() is
  'Writes into changes that the number of favorites of a product or shop changed.';

create or replace trigger favorites__note_inserted after insert on favorites
  referencing new table as changed for each statement execute function tg_favorites__note_change();
create or replace trigger favorites__note_deleted after delete on favorites
  referencing old table as changed for each statement execute function tg_favorites__note_change();
