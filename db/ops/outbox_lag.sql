-- What caches and the search index have not been told of: how much, and since when.
-- Normal: nothing, or rows of this second. If `oldest` grows, no process relays: its lease is in leases (nobody renews it: no API
-- process runs; somebody does: its log says why it fails), and pages show what was. Nothing is lost: the rows wait.
-- `for_search` are listings that the index of Elasticsearch does not show as they are, `shops_for_search` shops whose listings are still walked
-- through: with Elasticsearch both are of the last seconds; without, nothing is kept. `refused`: documents that it does not take (search_changes.refusal).
-- `processes` are the API processes that said within the last 10 s that they live.
select
  (select count(*) from changes) as waiting,
  (select now() - min(c.noted_at) from changes c) as oldest,
  (select count(*) from changes c where c.product_id is not null) as of_listings,
  (select count(*) from search_changes sc where sc.refusal is null) as for_search,
  (select now() - min(sc.queued_at) from search_changes sc where sc.refusal is null) as oldest_for_search,
  (select count(*) from search_shop_changes) as shops_for_search,
  (select count(*) from search_changes sc where sc.refusal is not null) as refused,
  (select string_agg(format('%s until %s', l.name, l.held_until), ', ' order by l.name) from leases l) as leases,
  (select count(*) from processes p where p.seen_at > now() - interval '10 seconds') as processes;
