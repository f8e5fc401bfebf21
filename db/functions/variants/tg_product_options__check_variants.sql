-- Deferred, because a new option needs its values in the variants first. PostgreSQL decides at once, by has_live_variants, whether it
-- checks a row at commit. Options that come before the variants need no check: new variants are checked against them. So an import
-- of many new listings pays nothing.
create or replace function tg_product_options__check_variants() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_product_id constant bigint := case when tg_op = 'DELETE' then old.product_id else new.product_id end;
begin
  perform check_variant_values(array[v_product_id]);
  return null;
end;
$$;
comment on function tg_product_options__check_variants() is
  'Refuses at commit options that do not fit the variants of their listing. SWINV.';

create constraint trigger product_options__check_variants after insert or update on product_options
  deferrable initially deferred for each row when (has_live_variants(new.product_id))
  execute function tg_product_options__check_variants();
create constraint trigger product_options__check_deleted after delete on product_options
  deferrable initially deferred for each row when (has_live_variants(old.product_id))
  execute function tg_product_options__check_variants();
