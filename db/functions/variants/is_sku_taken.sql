create or replace function is_sku_taken(
  shop_id bigint, sku text, product_id bigint default null, variant_id bigint default null
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from products p
    where p.shop_id = is_sku_taken.shop_id and p.sku = is_sku_taken.sku and p.id is distinct from is_sku_taken.product_id
  ) or exists (
    select from variants v
    where v.shop_id = is_sku_taken.shop_id and v.sku = is_sku_taken.sku and v.archived_at is null
      and v.id is distinct from is_sku_taken.variant_id
  );
end;
$$;
comment on function is_sku_taken(bigint, text, bigint, bigint) is
  'Whether another listing or variant of the shop has this sku.';
