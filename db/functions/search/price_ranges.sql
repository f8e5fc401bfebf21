-- No search_path is set, so that the planner can inline the rows.
create or replace function price_ranges() returns table (key text, from_price numeric, to_price numeric)
language sql immutable
as $$
  values
    ('under_25', null::numeric, 25.00),
    ('25_to_50', 25.00, 50.00),
    ('50_to_100', 50.00, 100.00),
    ('100_and_over', 100.00, null)
$$;
comment on function price_ranges() is
  'The ranges of the price facet, which cover every price: `from_price` is in the range, `to_price` is not.';
