-- The caller has locked the listing. check_variant has the rules between a variant and the options; this function adds those between
-- the variants of a listing, their pictures in all, and the sku. variant_id: null for a new variant.
create or replace function check_variant_alone(product products, variant_id bigint, variant jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_most constant integer := 400;
begin
  perform check_variant(options_json(product.id)::jsonb, product.stock_by, variant, '');
  if exists (
    select from variants v
    where v.product_id = product.id and v.archived_at is null and v.id is distinct from check_variant_alone.variant_id
      and v.option_values = array(select jsonb_array_elements_text(variant -> 'option_values'))
  ) then
    perform refuse_field('option_values', 'Another variant of the listing has the same values.');
  end if;
  -- apply_variants refuses the same, and names the variants of a listing.
  if jsonb_array_length(variant -> 'images') > 0 and jsonb_array_length(variant -> 'images') + (
    select coalesce(sum(cardinality(v.images)), 0) from variants v
    where v.product_id = product.id and v.archived_at is null and v.id is distinct from check_variant_alone.variant_id
  ) > v_most then
    perform refuse_field('images', format('The variants of a listing can have %s pictures in all.', v_most));
  end if;
  if variant ->> 'sku' is not null
    and is_sku_taken(product.shop_id, variant ->> 'sku', null, check_variant_alone.variant_id)
  then
    raise exception using errcode = 'SWSKU',
      message = 'Another item of the shop already has this sku.', detail = '{"field": "sku"}';
  end if;
end;
$$;
comment on function check_variant_alone(products, bigint, jsonb) is
  'Refuses a new or changed variant that does not fit its locked listing (SWINV), and a sku that the shop already uses (SWSKU).';
