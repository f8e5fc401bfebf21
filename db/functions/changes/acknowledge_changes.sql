-- If the relay could not reach the caches, one change stays that makes every key stale, until the caches respond again. The same
-- statement queues the changes for the search index. If two relays acknowledge the same changes, the second one finds no row.
create or replace function acknowledge_changes(ids bigint[], is_cache_told boolean) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_done record;
begin
  with acknowledged as materialized (
    delete from changes c where c.id = any(ids) returning c.product_ids, c.stock_ids, c.sales_shop_ids
  )
  select count(*)::integer as count, queue_search_changes(
    array(select unnest(a.product_ids) from acknowledged a),
    array(select unnest(a.stock_ids) from acknowledged a),
    array(select unnest(a.sales_shop_ids) from acknowledged a)
  )
  into v_done
  from acknowledged;
  if not is_cache_told and not exists (select from changes c where c.keys = '{*}') then
    insert into changes (keys) values ('{*}');
  end if;
  return v_done.count;
end;
$$;
comment on function acknowledge_changes(bigint[], boolean) is
  'Deletes changes that the caches have applied and queues them for the search index; returns how many. If is_cache_told is '
  'false, leaves one change that makes everything stale.';
