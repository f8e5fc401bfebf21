create or replace function count_products(shop_id bigint) returns integer
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (select count(*) from products p where p.shop_id = count_products.shop_id and p.archived_at is null);
end;
$$;
comment on function count_products(bigint) is
  'Returns the number of public listings of a shop: active and sold out, not archived.';
