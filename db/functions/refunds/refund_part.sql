-- amount, or items ([{line_id, quantity}]) and shipping; none of these: all that is left. restock as in lines_to_refund.
-- Returns the refund, and the total of the order if its status has changed.
create or replace function refund_part(
  order_id bigint, user_id bigint, amount numeric, items jsonb, shipping numeric, restock boolean, reason text, note text,
  traceparent text default null
)
returns table (body json, order_status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders := lock_order(order_id, user_id, 'seller');
  v_beside_amount text;
  v_postage_left constant numeric := postage_left(v_order);
  v_lines jsonb;
  v_refund refunds;
begin
  perform carry_trace(traceparent);
  v_beside_amount := case
    when items is not null then 'items' when shipping is not null then 'shipping' when restock then 'restock'
  end;
  if amount is not null and v_beside_amount is not null then
    raise exception using errcode = 'SWINV', message = 'An amount goes with neither items, shipping nor restock: true.',
      detail = json_build_object('field', v_beside_amount);
  end if;
  if restock and items is null and shipping is not null then
    raise exception using errcode = 'SWINV', message = 'Postage returns no unit to the stock.', detail = '{"field": "restock"}';
  end if;
  perform check_refundable(v_order);
  if shipping > v_postage_left then
    perform refuse_refund(v_order, format('Only $%s of the postage can still be refunded.', v_postage_left));
  end if;
  if amount is not null then
    v_refund.amount := amount;
  elsif items is null and shipping is null then
    v_refund := refund_of_rest(v_order);
    v_lines := lines_to_refund(v_order, null, restock);
  else
    if items is not null then
      v_lines := lines_to_refund(v_order, items, restock);
    end if;
    v_refund.shipping := shipping;
    v_refund.amount := coalesce(shipping, 0) + (
      select q.subtotal - q.discount + q.tax from quote_lines(coalesce(v_lines, '[]')) q where q.shop_id is null
    );
  end if;
  if shipping = 0 and v_refund.amount = 0 then
    raise exception using errcode = 'SWINV', message = 'A refund is above $0.', detail = '{"field": "shipping"}';
  end if;
  v_refund.reason := reason;
  v_refund.note := note;
  v_refund.requested_by := user_id;
  if v_refund.amount > v_order.total - v_order.refunded then
    perform refuse_refund(v_order, format('Only $%s of this order can still be refunded.', v_order.total - v_order.refunded));
  end if;
  v_refund := write_refund(v_order, v_refund, v_lines);
  return query
    select refund_json(v_refund), o.status, case when o.status <> v_order.status then array[o.total::text] end
    from orders o where o.id = v_order.id;
end;
$$;
comment on function refund_part(bigint, bigint, numeric, jsonb, numeric, boolean, text, text, text) is
  'Refunds an amount, lines, postage or all that is left of an order, for its seller. SWNTF, SWOWN, SWSTA, SWINV, SWRFX, SWDSP.';
