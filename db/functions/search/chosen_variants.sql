-- A variant with pictures of its own comes first, because a hit shows them.
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
    select distinct on (v.product_id) v.product_id, v.id, v.images
    from variants v
    where v.product_id = any (product_ids) and v.archived_at is null and coalesce(v.quantity > 0, true)
      and option_keys(
        array(select o.name from product_options o where o.product_id = v.product_id order by o.position), v.option_values
      ) && wanted_keys
    order by v.product_id, v.images = '{}', v.id;
end;
$$;
comment on function chosen_variants(bigint[], integer[]) is
  'The variant in stock of each listing that has one of the searched options. No row without such a filter.';
