-- The rules of a new listing between its fields. Locks: processing profiles, for share. Triggers and constraints refuse the same without the name of the field.
create or replace function check_variants(shop_id bigint, product jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_options constant jsonb := coalesce(nullif(product -> 'options', 'null'), '[]');
  v_variants constant jsonb := coalesce(nullif(product -> 'variants', 'null'), '[]');
  v_stock_by constant text := coalesce(product ->> 'stock_by', 'product');
  v_place integer;
begin
  perform check_options(v_options);
  if v_stock_by = 'variant' and jsonb_array_length(v_variants) = 0 then
    perform refuse_field('stock_by', 'A listing without variants has stock_by product.');
  elsif v_stock_by = 'variant' and product ->> 'quantity' is not null then
    perform refuse_field('quantity', 'With stock_by variant the quantity is the sum of the variants. Send the quantity of each.');
  end if;
  if jsonb_array_length(v_variants) > 400 then
    perform refuse_field('variants', 'A listing can have 400 variants.');
  end if;
  perform check_variant(v_options, v_stock_by, v.value, format('variants/%s/', v.ordinality - 1))
  from jsonb_array_elements(v_variants) with ordinality v;
  perform check_processing_profile(
    used.id, check_variants.shop_id, (product ->> 'is_vintage')::boolean, format('variants/%s/processing_profile_id', used.place)
  )
  from (
    select (v.value ->> 'processing_profile_id')::bigint as id, min(v.ordinality) - 1 as place
    from jsonb_array_elements(v_variants) with ordinality v
    group by 1
    order by 1
  ) used
  where used.id is not null;
  select (max(v.ordinality) - 1)::integer into v_place
  from jsonb_array_elements(v_variants) with ordinality v group by v.value -> 'option_values' having count(*) > 1 limit 1;
  if found then
    perform refuse_field(format('variants/%s/option_values', v_place), 'Another variant has the same values.');
  end if;
  select (max(skus.ordinality) - 1)::integer into v_place
  from (
    select v.value ->> 'sku' as sku, v.ordinality from jsonb_array_elements(v_variants) with ordinality v
    union all
    select product ->> 'sku', 0
  ) skus
  where skus.sku is not null
  group by skus.sku
  having count(*) > 1 or is_sku_taken(check_variants.shop_id, skus.sku) and max(skus.ordinality) > 0
  limit 1;
  if found then
    raise exception using errcode = 'SWSKU', message = 'Another item of the shop already has this sku.',
      detail = json_build_object('field', format('variants/%s/sku', v_place));
  end if;
end;
$$;
comment on function check_variants(bigint, jsonb) is
  'Refuses options and variants of a new listing that do not fit each other, its quantity or its stock_by (SWINV), and a sku that '
  'the shop already uses (SWSKU).';
