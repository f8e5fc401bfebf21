-- A document that Elasticsearch never takes must be neither resent forever nor forgotten. It waits, with the reason, until its
-- listing changes.
create or replace function dead_letter_search_changes(product_ids bigint[], versions bigint[], reasons text[]) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with held as (
    select sc.product_id, sc.version from search_changes sc
    where sc.product_id = any(product_ids) order by sc.product_id for update
  )
  update search_changes sc set refusal = r.reason
  from unnest(product_ids, versions, reasons) r (product_id, version, reason)
  join held h on h.product_id = r.product_id and h.version = r.version
  where sc.product_id = r.product_id
$$;
comment on function dead_letter_search_changes(bigint[], bigint[], text[]) is
  'Sets aside changes that the search engine refuses for good, with the reason.';
