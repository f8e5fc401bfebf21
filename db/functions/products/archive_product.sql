-- Archived, not deleted: orders refer to it for ever. Lines of it stay in carts and say that they are not available.
-- Locks: the product. Raises SWNTF, SWOWN.
create or replace function archive_product(product_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_product(product_id);
begin
  perform check_shop_owner(v_product.shop_id, archive_product.user_id);
  update products p set archived_at = clock_timestamp() where p.id = v_product.id;
end;
$$;
comment on function archive_product(bigint, bigint) is 'Takes a listing off the shelf, by its shop''s owner. SWNTF, SWOWN.';
