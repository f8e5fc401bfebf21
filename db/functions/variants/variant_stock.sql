-- v is a null row for a line without a variant. No search_path: inlined.
create or replace function variant_stock(v variants, p products) returns integer
language sql stable parallel safe
as $$
  select coalesce(v.quantity, p.quantity)
$$;
comment on function variant_stock(variants, products) is
  'Returns the units of the stock that a sale of a variant takes: its own, or that of its listing.';
