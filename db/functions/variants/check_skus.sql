-- The triggers of products and variants call it after they wrote an sku. Each table has a unique index of its own; the lock
-- lets no two transactions write one sku into both tables. It is no lock of the shop's row, because checkouts take that one and
-- an import holds this one while it writes a batch. Locks: the skus of the shops (advisory), by id, after listings and
-- variants.
create or replace function check_skus(shop_ids bigint[], skus text[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('skus', s.shop_id))
  from (select distinct w.shop_id from unnest(check_skus.shop_ids) w (shop_id) order by w.shop_id) s;
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
