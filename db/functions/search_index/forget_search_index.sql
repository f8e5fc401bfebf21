-- Deletes the queued changes if no index is followed any more.
create or replace function forget_search_index(alias text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update search_indexes i set index_name = null, index_uuid = null, format = null, next_index_name = null
  where i.alias = forget_search_index.alias;
  if not exists (select from search_indexes i where i.index_name is not null or i.next_index_name is not null) then
    -- Locks by id, which is the lock order of queue_search_changes. A change that is queued meanwhile waits for the next index.
    with held as (select sc.shop_id from search_shop_changes sc order by sc.shop_id for update)
    delete from search_shop_changes sc using held h where h.shop_id = sc.shop_id;
    with held as (select sc.product_id from search_changes sc order by sc.product_id for update)
    delete from search_changes sc using held h where h.product_id = sc.product_id;
  end if;
end;
$$;
comment on function forget_search_index(text) is
  'Marks the index of an alias as one that missed changes: it must be built again.';
