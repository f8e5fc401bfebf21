-- The row stays, because orders and carts reference it. `versions` as in lock_own_variant. After the last variant the listing has
-- one stock: the quantity that it had. Locks: the listing, then the variant; after the last one the cart lines.
create or replace function archive_variant(variant_id bigint, user_id bigint, versions text[] default null) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_variant variants := lock_own_variant(variant_id, user_id, versions);
begin
  perform refuse_held(v_variant.product_id, v_variant.id);
  update variants v set archived_at = clock_timestamp() where v.id = v_variant.id;
end;
$$;
comment on function archive_variant(bigint, bigint, text[]) is
  'Archives a variant for the owner of its shop, if it has one of the versions. SWNTF, SWOWN, SWVER, SWHLD.';
