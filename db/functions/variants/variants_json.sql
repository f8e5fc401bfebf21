create or replace function variants_json(product_id bigint) returns json
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(
      json_agg(
        variant_json(v, p)
        order by array_position(o1.option_values, v.option_values[1]), array_position(o2.option_values, v.option_values[2]), v.id
      ),
      '[]'
    )
    from products p
    join variants v on v.product_id = p.id and v.archived_at is null
    left join product_options o1 on o1.product_id = p.id and o1.position = 1
    left join product_options o2 on o2.product_id = p.id and o2.position = 2
    where p.id = variants_json.product_id
  );
end;
$$;
comment on function variants_json(bigint) is 'Renders the variants of a listing in the order of its options.';
