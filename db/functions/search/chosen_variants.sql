-- A variant with pictures of its own comes first, because a hit shows them. The names of options are read once for each listing,
-- because a page of 60 listings can have 24,000 variants.
create or replace function chosen_variants(product_ids bigint[], wanted_keys integer[])
returns table (product_id bigint, id bigint, images text[])
language plpgsql stable rows 100
set search_path = public, pg_temp
as $$
begin
  if wanted_keys is null then
    return;
  end if;
  return query
    with named as materialized (
      select o.product_id, array_agg(o.name order by o.position) as names
      from product_options o where o.product_id = any (product_ids)
      group by o.product_id
    )
    select distinct on (v.product_id) v.product_id, v.id, v.images
    from named n
    join variants v on v.product_id = n.product_id
    where v.archived_at is null and coalesce(v.quantity > 0, true) and option_keys(n.names, v.option_values) && wanted_keys
    order by v.product_id, v.images = '{}', v.id;
end;
$$;
comment on function chosen_variants(bigint[], integer[]) is
  'The variant in stock of each listing that has one of the searched options. No row without such a filter.';
