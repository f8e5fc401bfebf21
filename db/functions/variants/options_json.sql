create or replace function options_json(product_id bigint) returns json
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(json_agg(json_build_object('name', o.name, 'values', o.option_values) order by o.position), '[]')
    from product_options o
    where o.product_id = options_json.product_id
  );
end;
$$;
comment on function options_json(bigint) is 'Renders the options of a listing with their values, in the order of the seller.';
