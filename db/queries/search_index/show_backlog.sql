-- Returns what the search index does not show yet: `noted` changes that no process has queued, and `queued` listings.
-- $1 id of the last change that counts, $2 time up to which queued changes count, $3 alias of the index
select
  (select max(c.id) from changes c) as last_change_id,
  clock_timestamp() as moment,
  exists (select from search_indexes i where i.alias = $3 and i.index_name is not null) as is_followed,
  (
    select coalesce(sum(cardinality(c.product_ids) + cardinality(c.stock_ids) + cardinality(c.sales_shop_ids)), 0)
    from changes c where c.id <= $1
  )::bigint as noted,
  (
    select count(*) from search_changes sc
    where sc.refusal is null and sc.queued_at < $2::timestamptz + interval '1 millisecond'
  ) as queued
