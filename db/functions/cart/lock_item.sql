-- The first lock of every cart rule after the buyer. lock_own_product is the lock of the owner. NO KEY, so that writers that only
-- reference the product do not wait.
create or replace function lock_item(product_id bigint) returns products
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
begin
  select p.* into v_product from products p
  where p.id = lock_item.product_id and p.archived_at is null
  for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such product.';
  end if;
  return v_product;
end;
$$;
comment on function lock_item(bigint) is 'Locks a listed product and returns its current row. SWNTF: no such product.';
