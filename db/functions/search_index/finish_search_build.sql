-- Returns false if the build was abandoned, because then the index can lack changes. `refused_ids` are the listings that the new
-- index does not take. All other dead-lettered listings are in it. A listing that has changed since is tried again anyway.
create or replace function finish_search_build(
  alias text, index_name text, index_uuid text, format integer, refused_ids bigint[], reasons text[]
) returns boolean
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update search_indexes i set
    index_name = finish_search_build.index_name, index_uuid = finish_search_build.index_uuid, format = finish_search_build.format,
    next_index_name = null
  where i.alias = finish_search_build.alias and i.next_index_name = finish_search_build.index_name;
  if not found then
    return false;
  end if;
  -- A change that the old index refused during the build is tried again, because it can be in neither index. One statement
  -- handles all rows by id, which is the lock order of queue_search_changes.
  insert into search_changes as sc (product_id, is_stock_only, version, refusal)
  select r.id, false, nextval('search_versions'), r.reason
  from (
    select n.id, n.reason from unnest(refused_ids, reasons) n (id, reason)
    union all
    select o.product_id, null from search_changes o where o.refusal is not null and o.product_id <> all(refused_ids)
  ) r
  order by r.id
  on conflict (product_id) do update set refusal = null, queued_at = clock_timestamp() where sc.refusal is not null;
  return true;
end;
$$;
comment on function finish_search_build(text, text, text, integer, bigint[], text[]) is
  'Makes searches read the index that was built; false when it was abandoned.';
