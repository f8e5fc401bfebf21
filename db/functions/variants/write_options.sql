-- The caller has locked the listing. An option with another name is a new row, so that two options can swap their names.
create or replace function write_options(product_id bigint, options jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  delete from product_options o
  where o.product_id = write_options.product_id
    and o.name is distinct from write_options.options -> (o.position::integer - 1) ->> 'name';
  insert into product_options (product_id, position, name, option_values)
  select write_options.product_id, o.ordinality, o.value ->> 'name', array(select jsonb_array_elements_text(o.value -> 'values'))
  from jsonb_array_elements(write_options.options) with ordinality o
  on conflict on constraint product_options_pkey do update set option_values = excluded.option_values
  where product_options.option_values is distinct from excluded.option_values;
end;
$$;
comment on function write_options(bigint, jsonb) is 'Replaces the options of a locked listing.';
