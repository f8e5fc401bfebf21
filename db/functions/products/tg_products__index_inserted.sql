-- One call for each statement, so that a bulk insert is one call of index_products.
create or replace function tg_products__index_inserted() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform index_products(array(select i.id from inserted i));
  return null;
end;
$$;
comment on function tg_products__index_inserted() is 'Indexes new listings for search.';

create or replace trigger products__index_inserted after insert on products
  referencing new table as inserted for each statement execute function tg_products__index_inserted();
