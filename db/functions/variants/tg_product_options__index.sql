-- An option of a listing without variants is no word yet: tg_variants__index follows.
create or replace function tg_product_options__index() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_product_ids constant bigint[] := array(
    select c.product_id from changed c
    where exists (select from variants v where v.product_id = c.product_id and v.archived_at is null)
    group by c.product_id order by c.product_id
  );
begin
  if cardinality(v_product_ids) > 0 then
    perform index_products(v_product_ids);
  end if;
  return null;
end;
$$;
comment on function tg_product_options__index() is 'Indexes listings with changed options for search.';

create or replace trigger product_options__index_inserted after insert on product_options
  referencing new table as changed for each statement execute function tg_product_options__index();
create or replace trigger product_options__index_updated after update on product_options
  referencing new table as changed for each statement execute function tg_product_options__index();
create or replace trigger product_options__index_deleted after delete on product_options
  referencing old table as changed for each statement execute function tg_product_options__index();
