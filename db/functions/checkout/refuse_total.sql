-- Says what the buyer may not have seen: every line whose price or shipping was raised after it was added, in the order of the cart, and
-- what left the cart when its hold lapsed. Raises SWPRC; detail.total is the total now.
create or replace function refuse_total(buyer_id bigint, line_ids bigint[], total numeric) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_errors json;
begin
  select json_agg(json_build_object('pointer', e.pointer, 'detail', e.telling, 'product_id', e.product_id, 'code', e.code) order by e.place)
  into v_errors
  from (
    select row_number() over (order by l.shop_id, l.line_id) as place, l.pointer, l.product_id, 'price_changed' as code,
      concat_ws(' ',
        case when l.is_price_raised then format('"%s" now costs $%s instead of $%s.', l.title, l.price, l.price_when_added) end,
        case when l.is_shipping_raised then format('The shop "%s" has raised its shipping price.', l.shop_name) end
      ) as telling
    from placed_lines(refuse_total.buyer_id, refuse_total.line_ids) l
    where l.is_price_raised or l.is_shipping_raised
    union all
    select 1000 + row_number() over (order by h.lapsed_at desc, h.product_id), '#/lapsed', h.product_id, 'lapsed',
      format('"%s" left the cart when its hold lapsed.', p.title)
    from holds h
    join products p on p.id = h.product_id
    where h.user_id = refuse_total.buyer_id and h.lapsed_at is not null and h.is_lapse_unseen
  ) e;
  raise exception using errcode = 'SWPRC',
    message = format('The total is now $%s. Send it as expected_total to accept it.', round(refuse_total.total, 2)),
    detail = jsonb_strip_nulls(jsonb_build_object('total', round(refuse_total.total, 2)::text, 'errors', v_errors));
end;
$$;
comment on function refuse_total(bigint, bigint[], numeric) is 'Refuses a total that the buyer may not have seen, and says what has changed it. SWPRC.';
