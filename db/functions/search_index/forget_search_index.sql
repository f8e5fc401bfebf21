-- With nobody left who follows them, changes need not be kept.
create or replace function forget_search_index(alias text) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update search_indexes i set index_name = null, index_uuid = null, format = null, next_index_name = null
  where i.alias = forget_search_index.alias;
  if not exists (select from search_indexes i where i.index_name is not null or i.next_index_name is not null) then
    -- By id, as whoever queues changes locks them; what is queued meanwhile waits for the next index.
    with held as (select sc.shop_id from search_shop_changes sc order by sc.shop_id for update)
    delete from search_shop_changes sc using held h where h.shop_id = sc.shop_id;
    with held as (select sc.product_id from search_changes sc order by sc.product_id for update)
    delete from search_changes sc using held h where h.product_id = sc.product_id;
  end if;
end;
$$;
comment on function forget_search_index(text) is 'Says that the index of an alias has not heard of every change: it must be built anew.';
