create or replace function tg_products__check_skus() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform check_skus(array_agg(i.shop_id), array_agg(i.sku)) from inserted i where i.sku is not null having count(*) > 0;
  return null;
end;
$$;
comment on function tg_products__check_skus() is 'Refuses new listings with the sku of a variant of their shop. SWSKU.';

create or replace trigger products__check_skus after insert on products
  referencing new table as inserted for each statement execute function tg_products__check_skus();
