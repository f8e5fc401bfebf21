-- One call for each statement, so that a bulk insert is one call of index_products. A listing that an import inserts with
-- has_variants is indexed by its variants, which follow in the same transaction: once and not twice.
create or replace function tg_products__index_inserted() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform index_products(v.ids) from (select array_agg(i.id) as ids from inserted i where not i.has_variants) v
  where v.ids is not null;
  return null;
end;
$$;
comment on function tg_products__index_inserted() is 'Indexes new listings for search.';

create or replace trigger products__index_inserted after insert on products
  referencing new table as inserted for each statement execute function tg_products__index_inserted();
