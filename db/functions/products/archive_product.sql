-- The row stays, because orders reference it. Its cart lines stay and become unavailable. A draft becomes an archived listing.
-- `versions` as in lock_own_product.
-- Locks: the product. Raises SWNTF also for an archived listing.
create or replace function archive_product(product_id bigint, user_id bigint, versions text[] default null) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_own_product(product_id, user_id, versions);
begin
  if v_product.archived_at is not null and not v_product.is_draft then
    raise exception using errcode = 'SWNTF', message = 'There is no such product.';
  end if;
  update products p set archived_at = clock_timestamp(), is_draft = false where p.id = v_product.id;
end;
$$;
comment on function archive_product(bigint, bigint, text[]) is
  'Archives a listing or a draft for its shop''s owner, if it has one of the versions. SWNTF, SWOWN, SWVER.';
