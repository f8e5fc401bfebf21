create or replace function tg_product_options__note_change() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes(
    array(select 'product:' || c.product_id from changed c group by c.product_id),
    array(select c.product_id from changed c group by c.product_id order by c.product_id)
  );
  return null;
end;
$$;
comment on function tg_product_options__note_change() is
  'Writes listings with changed options into changes: their pages, and what the search index holds of them.';

create or replace trigger product_options__note_inserted after insert on product_options
  referencing new table as changed for each statement execute function tg_product_options__note_change();
create or replace trigger product_options__note_updated after update on product_options
  referencing new table as changed for each statement execute function tg_product_options__note_change();
create or replace trigger product_options__note_deleted after delete on product_options
  referencing old table as changed for each statement execute function tg_product_options__note_change();
