-- v is a null row for a line without a variant. The price of the listing counts for such a line, and for an archived variant of a
-- listing that has no others left. No search_path: inlined.
create or replace function variant_price(v variants, p products) returns numeric
language sql stable parallel safe
as $$
  select coalesce(v.price, p.base_price, p.price)
$$;
comment on function variant_price(variants, products) is
  'Returns the price of a variant in US dollars: its own, or that of its listing.';
