create or replace function facet_pool(is_filtered boolean, without_filter text) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select case when is_filtered
    then '(select ps.category_id, ps.price, ps.is_vintage from ' || without_filter || ' limit 10001) o'
    else 'pool o'
  end
$$;
comment on function facet_pool(boolean, text) is 'Where a facet counts: in the result, or, where its own filter is set, in what the search finds without it.';
