-- Leaves a listing that is not archived unchanged, also a draft. `versions` as in lock_own_product. Locks: the product.
create or replace function restore_product(product_id bigint, user_id bigint, versions text[] default null)
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_own_product(product_id, user_id, versions);
begin
  update products p set archived_at = null where p.id = v_product.id and p.archived_at is not null and not p.is_draft;
  return query
    select product_json(p, s), row_version(p.xmin, p.updated_at)
    from products p
    join shops s on s.id = p.shop_id
    where p.id = v_product.id;
end;
$$;
comment on function restore_product(bigint, bigint, text[]) is
  'Restores an archived listing for its shop''s owner, if it has one of the versions. SWNTF, SWOWN, SWVER.';
