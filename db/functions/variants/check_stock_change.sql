-- product: the locked listing. With stock_by variant its quantity is the sum of its variants, which a change to product keeps.
create or replace function check_stock_change(product products, changes jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_most constant integer := 1000000;
  v_stock_by constant text := coalesce(changes ->> 'stock_by', product.stock_by);
begin
  if changes ? 'quantity' and v_stock_by = 'variant' then
    perform refuse_field('quantity', 'Each variant has its own stock. Set it with PUT /v1/variants/{id}/quantity.');
  elsif jsonb_array_length(changes -> 'variant_quantities') > 0 and (v_stock_by = product.stock_by or v_stock_by = 'product') then
    perform refuse_field(
      'variant_quantities', 'They go with a change of stock_by to variant. Otherwise use PUT /v1/variants/{id}/quantity.'
    );
  elsif v_stock_by = 'product' and product.stock_by = 'variant' and product.quantity > v_most
    and changes ->> 'quantity' is null
  then
    perform refuse_field('stock_by', format(
      'The variants have %s units in all, and a listing can have %s. Send a quantity too.', product.quantity, v_most
    ));
  end if;
end;
$$;
comment on function check_stock_change(products, jsonb) is
  'Refuses quantities in the changes of a listing that do not go with its stock_by, and a sum that no listing can have. SWINV.';
