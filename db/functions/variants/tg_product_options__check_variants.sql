-- Deferred, because a new option needs its values in the variants first.
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

create constraint trigger product_options__check_variants after insert or update or delete on product_options
  deferrable initially deferred for each row execute function tg_product_options__check_variants();
