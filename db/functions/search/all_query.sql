create or replace function all_query(queries tsquery[]) returns tsquery
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    select string_agg('(' || q.query::text || ')', ' & ')::tsquery
    from unnest(queries) q (query)
    where numnode(q.query) > 0
  );
end;
$$;
comment on function all_query(tsquery[]) is
  'Returns a query for what all of these queries find, or null if every query is empty.';
