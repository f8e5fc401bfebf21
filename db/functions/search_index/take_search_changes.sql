-- Every process with a search engine calls this function every two seconds, and more often while there are changes. Only the
-- process that holds the lease works. A holder that froze can wake up and write changes that it took long ago. The revision is
-- assigned after the changes are read and before the documents are read. So a later batch has a higher revision, and the index
-- drops the older write. acknowledge_search_changes deletes the changes. `lag_s` is the age of the oldest change that the index
-- does not show.
create or replace function take_search_changes(alias text, holder uuid, batch_size integer)
returns table (
  index_name text, index_uuid text, format integer, next_index_name text, lag_s integer, is_held boolean,
  revision bigint, product_ids bigint[], stock_ids bigint[], versions bigint[]
)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_pending integer;
  v_is_followed boolean;
begin
  if not exists (
    select from search_indexes i where i.alias = take_search_changes.alias and i.seen_at > clock_timestamp() - interval '1 minute'
  ) then
    insert into search_indexes as i (alias) values (take_search_changes.alias)
    on conflict on constraint search_indexes_pkey do update set seen_at = excluded.seen_at;
  end if;
  is_held := claim_lease('search indexer', holder, 5);
  select i.index_name, i.index_uuid, i.format, i.next_index_name, i.index_name is not null or i.next_index_name is not null
  into index_name, index_uuid, format, next_index_name, v_is_followed
  from search_indexes i where i.alias = take_search_changes.alias;
  if is_held and v_is_followed then
    select count(*) into v_pending from (select from search_changes sc where sc.refusal is null limit batch_size) one;
    perform walk_search_shops(batch_size - v_pending);
    select array_agg(c.product_id), array_agg(c.product_id) filter (where c.is_stock_only), array_agg(c.version)
    into product_ids, stock_ids, versions
    from (
      select sc.product_id, sc.is_stock_only, sc.version from search_changes sc
      where sc.refusal is null order by sc.queued_at, sc.product_id limit batch_size
    ) c;
    revision := nextval('search_revisions');
  end if;
  product_ids := coalesce(product_ids, '{}');
  stock_ids := coalesce(stock_ids, '{}');
  versions := coalesce(versions, '{}');
  lag_s := coalesce(
    (select extract(epoch from clock_timestamp() - min(sc.queued_at))::integer from search_changes sc where sc.refusal is null), 0
  );
  return next;
end;
$$;
comment on function take_search_changes(text, uuid, integer) is
  'The index of this alias and, for the one process that works, the oldest changes that are not in it.';
