create or replace function any_query(queries tsquery[]) returns tsquery
language sql immutable
set search_path = public, pg_temp
as $$
  select string_agg('(' || q.query::text || ')', ' | ')::tsquery
  from unnest(queries) q (query)
  where numnode(q.query) > 0
$$;
comment on function any_query(tsquery[]) is 'A query for what any of these find. Null when there are none.';
