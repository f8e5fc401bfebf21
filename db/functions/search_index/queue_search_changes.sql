-- The relay calls this function in the statement that takes these changes off `changes`. A change merges with the queued one: the
-- whole document wins over stock alone, and every merge increases the version. Shops come before listings, each by id, so that
-- two callers never deadlock, nor does a caller with walk_search_shops. If no index is followed, nothing is kept, because a build
-- reads the tables after it has begun to follow. An index that no process has maintained for an hour is forgotten, and the next
-- process builds again.
create or replace function queue_search_changes(product_ids bigint[], stock_ids bigint[], sales_shop_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform forget_search_index(i.alias) from search_indexes i
  where (i.index_name is not null or i.next_index_name is not null) and i.seen_at < clock_timestamp() - interval '1 hour';
  if not exists (select from search_indexes i where i.index_name is not null or i.next_index_name is not null) then
    return;
  end if;
  -- A walk that has not begun covers this change too.
  insert into search_shop_changes as sc (shop_id)
  select distinct s.id from unnest(sales_shop_ids) s (id) order by s.id
  on conflict (shop_id) do update set is_again = true where sc.next_product_id > 0 and not sc.is_again;
  insert into search_changes as sc (product_id, is_stock_only, version)
  select c.id, bool_and(c.is_stock_only), nextval('search_versions')
  from (
    select unnest(product_ids) as id, false as is_stock_only
    union all
    select unnest(stock_ids), true
  ) c
  group by c.id
  order by c.id
  on conflict (product_id) do update set
    is_stock_only = sc.is_stock_only and excluded.is_stock_only,
    version = excluded.version,
    queued_at = case when sc.refusal is null then sc.queued_at else excluded.queued_at end,
    refusal = null;
end;
$$;
comment on function queue_search_changes(bigint[], bigint[], bigint[]) is
  'Queues for the search index: changed listings, listings whose stock changed, and shops whose rating or sales changed.';
