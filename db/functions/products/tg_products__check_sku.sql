-- A sale changes no sku, so the trigger does not run for it.
create or replace function tg_products__check_sku() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform check_skus(array[new.shop_id], array[new.sku]);
  return null;
end;
$$;
comment on function tg_products__check_sku() is 'Refuses a listing that takes the sku of a variant of its shop. SWSKU.';

create or replace trigger products__check_sku after update of sku on products
  for each row when (new.sku is not null and new.sku is distinct from old.sku) execute function tg_products__check_sku();
