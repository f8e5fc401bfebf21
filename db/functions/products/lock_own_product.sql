-- The first step of every change by an owner, also of archived listings. `versions`, from row_version: see is_current.
-- Locks: the product, then reads the version. Raises SWVER (changed since, also by a sale).
create or replace function lock_own_product(product_id bigint, user_id bigint, versions text[] default null) returns products
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products;
  v_version text;
begin
  select p.* into v_product from products p where p.id = lock_own_product.product_id for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such product.';
  end if;
  perform check_shop_owner(v_product.shop_id, lock_own_product.user_id);
  perform refuse_erased(lock_own_product.user_id);
  select row_version(p.xmin, p.updated_at) into v_version from products p where p.id = v_product.id;
  if not is_current(v_version, versions) then
    raise exception using errcode = 'SWVER',
      message = 'The listing has changed since you read it. Read it again and repeat the change.',
      detail = json_build_object('quantity', v_product.quantity);
  end if;
  return v_product;
end;
$$;
comment on function lock_own_product(bigint, bigint, text[]) is
  'Locks a listing, archived or not, for its shop''s owner and returns its current row. SWNTF, SWOWN, SWVER.';
