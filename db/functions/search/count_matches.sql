create or replace function count_matches(query tsquery, at_most integer) returns integer
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select count(*)::integer
    from (
      select from product_search ps where ps.document @@ count_matches.query and ps.in_stock limit at_most
    ) m
  );
end;
$$;
comment on function count_matches(tsquery, integer) is
  'How many listings in stock a query finds, counting no further than at_most.';
