-- No search_path is set, so that the planner can inline the comparison for this order and use an index.
create or replace function is_after(sort text, after jsonb, price numeric, created_at timestamptz, id bigint) returns boolean
language sql stable
as $$
  select after is null or case sort
    when 'price_asc' then (price, id) > ((after ->> 0)::numeric, (after ->> 1)::bigint)
    when 'price_desc' then (price, id) < ((after ->> 0)::numeric, (after ->> 1)::bigint)
    else (created_at, id) < ((after ->> 0)::timestamptz, (after ->> 1)::bigint)
  end
$$;
comment on function is_after(text, jsonb, numeric, timestamptz, bigint) is
  'Whether a listing comes after [key, id] in a list by price, or by age where `sort` is something else.';
