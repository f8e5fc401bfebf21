-- The first step of every change of a variant by its owner. `versions`, from row_version: see is_current.
-- Locks: the listing, then the variant. Raises SWNTF also for an archived variant, and SWVER (changed since, also by a sale).
create or replace function lock_own_variant(variant_id bigint, user_id bigint, versions text[] default null) returns variants
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product_id constant bigint := (select v.product_id from variants v where v.id = lock_own_variant.variant_id);
  v_variant variants;
  v_version text;
begin
  if v_product_id is not null then
    perform lock_own_product(v_product_id, lock_own_variant.user_id);
    select v.* into v_variant from variants v
    where v.id = lock_own_variant.variant_id and v.archived_at is null
    for no key update;
  end if;
  if v_variant.id is null then
    raise exception using errcode = 'SWNTF', message = 'There is no such variant.';
  end if;
  select row_version(v.xmin, v.updated_at) into v_version from variants v where v.id = v_variant.id;
  if not is_current(v_version, versions) then
    raise exception using errcode = 'SWVER',
      message = 'The variant has changed since you read it. Read it again and repeat the change.',
      detail = json_build_object('quantity', v_variant.quantity);
  end if;
  return v_variant;
end;
$$;
comment on function lock_own_variant(bigint, bigint, text[]) is
  'Locks a variant and its listing for the owner of the shop and returns its current row. SWNTF, SWOWN, SWVER.';
