-- The step "take" of split_cart. lines: rows of lines_to_order, whose products the caller has locked. An update takes
-- the sum of all lines of a stock. It repeats what check_cart has checked, and so does a CHECK of the table.
-- The trigger of variants sets the sum of the product.
-- Locks: the variants by id. Only callers that have locked their product write them.
create or replace function take_stock(lines jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_stocks bigint;
  v_taken bigint;
begin
  with wanted as (
    select l.product_id, sum(l.quantity) as units
    from jsonb_to_recordset(take_stock.lines) as l (product_id bigint, quantity integer, stock_variant_id bigint)
    where l.stock_variant_id is null
    group by l.product_id
  ),
  taken as (
    update products p set quantity = p.quantity - w.units
    from wanted w where p.id = w.product_id and p.quantity >= w.units and p.stock_by = 'product'
    returning 1
  )
  select (select count(*) from wanted), (select count(*) from taken) into v_stocks, v_taken;
  if v_taken = v_stocks and lines @? '$[*] ? (@.stock_variant_id != null)' then
    perform from variants v
    where v.id in (select l.stock_variant_id from jsonb_to_recordset(take_stock.lines) as l (stock_variant_id bigint))
    order by v.id
    for no key update;
    with wanted as (
      select l.stock_variant_id, sum(l.quantity) as units
      from jsonb_to_recordset(take_stock.lines) as l (quantity integer, stock_variant_id bigint)
      where l.stock_variant_id is not null
      group by l.stock_variant_id
    ),
    taken as (
      update variants v set quantity = v.quantity - w.units
      from wanted w where v.id = w.stock_variant_id and v.quantity >= w.units and v.archived_at is null
      returning 1
    )
    select (select count(*) from wanted), (select count(*) from taken) into v_stocks, v_taken;
  end if;
  if v_taken <> v_stocks then
    raise exception using errcode = 'SWSTK', message = 'An item of the cart is sold out.', detail = '{"success": false}';
  end if;
end;
$$;
comment on function take_stock(jsonb) is 'Takes the units of lines out of the stock, all or nothing. SWSTK: not enough in stock.';
