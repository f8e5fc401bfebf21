-- The triggers of products and variants call it after they wrote an sku. Each table has a unique index of its own; the lock of the
-- shop lets no two transactions write one sku into both tables. Locks: the shops by id, after listings and variants.
create or replace function check_skus(shop_ids bigint[], skus text[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform from shops s where s.id = any (check_skus.shop_ids) order by s.id for no key update;
  if exists (
    select from unnest(check_skus.shop_ids, check_skus.skus) as written (shop_id, sku)
    join products p on p.shop_id = written.shop_id and p.sku = written.sku
    join variants v on v.shop_id = written.shop_id and v.sku = written.sku and v.archived_at is null
  ) then
    raise exception using errcode = 'SWSKU',
      message = 'Another item of the shop already has this sku.', detail = '{"field": "sku"}';
  end if;
end;
$$;
comment on function check_skus(bigint[], text[]) is
  'Refuses an sku that a listing and a variant of one shop both have. SWSKU.';
