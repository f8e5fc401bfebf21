-- The API counts in memory and adds its counts in batches. Rows are sorted, so that two processes do not deadlock.
create or replace function record_searches(queries text[], searches integer[], zero_results integer[], corrected integer[])
returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  insert into search_queries as sq (q, searches, zero_results, corrected)
  select l.q, sum(b.searches), sum(b.zero_results), sum(b.corrected)
  from unnest(record_searches.queries, record_searches.searches, record_searches.zero_results, record_searches.corrected)
    b (q, searches, zero_results, corrected)
  cross join lateral (select loggable_query(b.q) as q) l
  where l.q is not null
  group by l.q
  order by l.q
  on conflict (day, q) do update set
    searches = sq.searches + excluded.searches, zero_results = sq.zero_results + excluded.zero_results,
    corrected = sq.corrected + excluded.corrected
$$;
comment on function record_searches(text[], integer[], integer[], integer[]) is 'Adds a batch of searches to today''s counts.';
