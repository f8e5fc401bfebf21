-- The caller has locked the product, so that the variant stays as it is.
create or replace function chosen_variant(product products, variant_id bigint) returns variants
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_variant variants;
begin
  if chosen_variant.variant_id is null then
    if product.has_variants then
      raise exception using errcode = 'SWVRQ',
        message = format('"%s" has variants. Send the id of one as variant_id.', product.title),
        detail = json_build_object('success', false, 'product_id', product.id, 'field', 'variant_id');
    end if;
    return null;
  end if;
  select v.* into v_variant from variants v
  where v.id = chosen_variant.variant_id and v.product_id = product.id and v.archived_at is null;
  if not found then
    raise exception using errcode = 'SWVUN',
      message = format('"%s" has no such variant. Send the id of one of its variants.', product.title),
      detail = json_build_object('success', false, 'product_id', product.id, 'field', 'variant_id');
  end if;
  return v_variant;
end;
$$;
comment on function chosen_variant(products, bigint) is
  'Returns the variant that a buyer chose; null for a listing without variants. SWVRQ: none is chosen. SWVUN: it is not a variant '
  'of the listing, or archived.';
