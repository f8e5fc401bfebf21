-- Returns a row for each listing with variants. `words` has the values of all variants. `options` and `option_keys` have those in
-- stock, as in product_search, and `known_keys` the keys of all. A variant without a quantity is in stock when its listing is.
create or replace function listing_options(product_ids bigint[])
returns table (product_id bigint, words text, options text[], option_keys integer[], known_keys integer[])
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with live as materialized (
      select v.product_id, v.option_values, coalesce(v.quantity > 0, true) as is_in_stock, array(
        select o.name from product_options o where o.product_id = v.product_id order by o.position
      ) as names
      from variants v
      where v.product_id = any (product_ids) and v.archived_at is null
    ),
    choices as (
      -- Two spellings of one value count once.
      select l.product_id, min(c.value) as value, min(l.names[c.position] || E'\x1f' || c.value) filter (where l.is_in_stock) as choice
      from live l cross join unnest(l.option_values) with ordinality c (value, position)
      group by l.product_id, lower(l.names[c.position]), lower(c.value)
    ),
    keys as (
      select l.product_id, k.key, bool_or(l.is_in_stock) as is_in_stock
      from live l cross join unnest(option_keys(l.names, l.option_values)) k (key)
      -- An option that is removed in this transaction has no name; the check at commit finds its values.
      where k.key is not null
      group by l.product_id, k.key
    ),
    of_keys as (
      select k.product_id, array_agg(k.key order by k.key) as known,
        coalesce(array_agg(k.key order by k.key) filter (where k.is_in_stock), '{}') as in_stock
      from keys k group by k.product_id
    )
    select c.product_id, string_agg(c.value, ' . ' order by c.value),
      coalesce(array_agg(c.choice order by c.choice) filter (where c.choice is not null), '{}'), k.in_stock, k.known
    from choices c
    join of_keys k on k.product_id = c.product_id
    group by c.product_id, k.in_stock, k.known;
end;
$$;
comment on function listing_options(bigint[]) is
  'What the search index holds of the variants of listings: words, values in stock, and keys of values and pairs.';
