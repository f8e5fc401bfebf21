-- The step "take" of split_cart. lines: rows of lines_to_order, whose products the caller has locked. An update takes
-- the sum of all lines of a product. It repeats what check_cart has checked, and so does a CHECK of the table.
create or replace function take_stock(lines jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_products bigint;
  v_taken bigint;
begin
  with wanted as (
    select l.product_id, sum(l.quantity) as units
    from jsonb_to_recordset(take_stock.lines) as l (product_id bigint, quantity integer)
    group by l.product_id
  ),
  taken as (
    update products p set quantity = p.quantity - w.units
    from wanted w where p.id = w.product_id and p.quantity >= w.units
    returning 1
  )
  select (select count(*) from wanted), (select count(*) from taken) into v_products, v_taken;
  if v_taken <> v_products then
    raise exception using errcode = 'SWSTK', message = 'An item of the cart is sold out.', detail = '{"success": false}';
  end if;
end;
$$;
comment on function take_stock(jsonb) is 'Takes the units of lines out of the stock, all or nothing. SWSTK: not enough in stock.';
