-- What the engine will never take must not be sent for ever, nor be forgotten: it waits, with the reason, for a change.
create or replace function refuse_search_changes(product_ids bigint[], versions bigint[], reasons text[]) returns void
language sql volatile
set search_path = public, pg_temp
as $$
  update search_changes sc set refusal = r.reason
  from unnest(product_ids, versions, reasons) r (product_id, version, reason)
  where sc.product_id = r.product_id and sc.version = r.version
$$;
comment on function refuse_search_changes(bigint[], bigint[], text[]) is
  'Keeps changes that the search engine refuses for good out of the way, with the reason.';
