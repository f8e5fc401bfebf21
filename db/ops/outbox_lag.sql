-- Changes that caches and the search index have not received: their number and age.
-- Normal: no row, or rows of this second. If `oldest` grows, no process relays, and pages show old data. See leases: if no
-- process renews the lease, no API process runs; otherwise the log of its holder has the error. The rows wait, so nothing is
-- lost.
-- `for_search`: listings that Elasticsearch does not show correctly. `shops_for_search`: shops whose listings are still being
-- updated. With Elasticsearch both are of the last seconds. Without it both are empty. `refused`: documents that it rejects
-- (search_changes.refusal). `processes`: API processes with a heartbeat in the last 10 s.
select
  (select count(*) from changes) as waiting,
  (select now() - min(c.noted_at) from changes c) as oldest,
  (select coalesce(sum(cardinality(c.product_ids) + cardinality(c.stock_ids)), 0) from changes c)::bigint as of_listings,
  (select count(*) from search_changes sc where sc.refusal is null) as for_search,
  (select now() - min(sc.queued_at) from search_changes sc where sc.refusal is null) as oldest_for_search,
  (select count(*) from search_shop_changes) as shops_for_search,
  (select count(*) from search_changes sc where sc.refusal is not null) as refused,
  (select string_agg(format('%s until %s', l.name, l.held_until), ', ' order by l.name) from leases l) as leases,
  (select count(*) from processes p where p.seen_at > now() - interval '10 seconds') as processes;
