create or replace function record_reformulations(from_queries text[], to_queries text[]) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  insert into search_reformulations as sr (from_q, to_q, times)
  select f.q, t.q, count(*)
  from unnest(from_queries, to_queries) b (from_q, to_q)
  cross join lateral (select loggable_query(b.from_q) as q) f
  cross join lateral (select loggable_query(b.to_q) as q) t
  where f.q <> t.q
  group by f.q, t.q
  order by f.q, t.q
  on conflict (day, from_q, to_q) do update set times = sr.times + excluded.times
$$;
comment on function record_reformulations(text[], text[]) is
  'Adds a batch of queries that found nothing, each with the one that was tried next and found something.';
