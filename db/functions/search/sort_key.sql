-- No search_path is set, so that the planner can inline the expression.
create or replace function sort_key(sort text, price numeric, created_at timestamptz) returns jsonb
language sql stable
as $$
  select case when sort in ('price_asc', 'price_desc') then to_jsonb(price) else to_jsonb(created_at) end
$$;
comment on function sort_key(text, numeric, timestamptz) is
  'What a sorted list goes on after: the price, or the time of listing.';
