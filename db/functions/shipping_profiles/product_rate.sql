-- A shop that has nothing but its shipping costs no look-up. No search_path: inlined.
create or replace function product_rate(p products, s shops, country text) returns jsonb
language sql stable
as $$
  select case when p.shipping_profile_id is null and not s.has_rates then s.shipping
    else line_rate(s.id, s.shipping, p.shipping_profile_id, country) end
$$;
comment on function product_rate(products, shops, text) is
  'Returns the shipping rate of a listing to a country (null: to the world), or null if the listing is not sent there.';
