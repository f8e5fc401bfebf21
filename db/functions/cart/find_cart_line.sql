create or replace function find_cart_line(user_id bigint, product_id bigint) returns bigint
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_line_ids constant bigint[] := array(
    select ci.id from cart_items ci
    where ci.user_id = find_cart_line.user_id and ci.product_id = find_cart_line.product_id
    order by ci.id
  );
begin
  if cardinality(v_line_ids) > 1 then
    raise exception using errcode = 'SWAMB',
      message = 'The cart has several lines of this product. Name one of them by its line_id.',
      detail = json_build_object('success', false, 'product_id', find_cart_line.product_id, 'line_ids', v_line_ids);
  end if;
  return v_line_ids[1];
end;
$$;
comment on function find_cart_line(bigint, bigint) is
  'Returns the id of the only line of a product in a cart, or null if there is no line. SWAMB: there are several.';
