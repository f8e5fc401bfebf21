-- Raises readable messages before the constraints would fail.
create or replace function check_product(product_id bigint, shop_id bigint, product jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if product ->> 'category_id' is not null
    and not exists (select from categories c where c.id = (product ->> 'category_id')::bigint)
  then
    raise exception using errcode = 'SWINV', message = 'There is no such category.', detail = '{"field": "category_id"}';
  end if;
  if product ->> 'sku' is not null and is_sku_taken(check_product.shop_id, product ->> 'sku', check_product.product_id) then
    raise exception using errcode = 'SWSKU',
      message = 'Another item of the shop already has this sku.', detail = '{"field": "sku"}';
  end if;
end;
$$;
comment on function check_product(bigint, bigint, jsonb) is
  'Rejects an unknown category (SWINV), and a sku that the shop already uses (SWSKU).';
