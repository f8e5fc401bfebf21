-- Runs after variants__apply, which has locked the listings.
create or replace function tg_variants__index() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform index_products(v.ids) from (select array_agg(distinct c.product_id order by c.product_id) as ids from changed c) v
  where v.ids is not null;
  return null;
end;
$$;
comment on function tg_variants__index() is 'Indexes listings with new or deleted variants for search.';

create or replace trigger variants__index_inserted after insert on variants
  referencing new table as changed for each statement execute function tg_variants__index();
create or replace trigger variants__index_deleted after delete on variants
  referencing old table as changed for each statement execute function tg_variants__index();
