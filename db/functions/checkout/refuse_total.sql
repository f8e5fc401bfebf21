-- lines: rows of lines_to_order. Names what the buyer may not have seen: each line whose price or shipping was raised after it
-- was added, in the order of the cart, then the lines that left the cart with a lapsed hold. detail.total is the current total.
create or replace function refuse_total(buyer_id bigint, lines jsonb, total numeric) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_errors jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'pointer', e.pointer, 'detail', e.message, 'line_id', e.line_id, 'product_id', e.product_id, 'code', e.code
  ) order by e.shop_id, e.line_id, e.lapsed_at desc, e.product_id, e.message)
  into v_errors
  from (
    select l.pointer, l.shop_id, l.line_id, l.product_id, null::timestamptz as lapsed_at, 'price_changed' as code,
      concat_ws(' ',
        case when l.is_price_raised then format('"%s" now costs $%s instead of $%s.', l.title, l.price, l.price_when_added) end,
        case when l.is_shipping_raised then format('The shop "%s" has raised its shipping price.', l.shop_name) end
      ) as message
    from jsonb_to_recordset(refuse_total.lines) as l (
      pointer text, shop_id bigint, shop_name text, line_id bigint, product_id bigint, title text, price numeric,
      price_when_added numeric, is_price_raised boolean, is_shipping_raised boolean
    )
    where l.is_price_raised or l.is_shipping_raised
    union all
    select '#/lapsed', null, null, h.product_id, h.lapsed_at, 'lapsed',
      format('"%s" left the cart when its hold lapsed.', p.title)
    from holds h
    join products p on p.id = h.product_id
    where h.user_id = refuse_total.buyer_id and h.lapsed_at is not null and h.is_lapse_unseen
  ) e;
  raise exception using errcode = 'SWPRC',
    message = format('The total is now $%s. Send it as expected_total to accept it.', refuse_total.total),
    detail = jsonb_strip_nulls(jsonb_build_object('total', refuse_total.total::text, 'errors', v_errors));
end;
$$;
comment on function refuse_total(bigint, jsonb, numeric) is
  'Refuses a total that the buyer may not have seen, and names what changed it. SWPRC.';
