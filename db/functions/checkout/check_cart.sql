-- The step "check" of checkout_split_orders. lines: rows of lines_to_order of a locked cart. Checks first the lines, then the
-- total, which must equal expected_total. If expected_total is null, no seller may have raised the total, and no lapsed hold may
-- have changed it without the buyer's knowledge.
create or replace function check_cart(buyer_id bigint, lines jsonb, expected_total numeric) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_total numeric;
  v_is_unseen boolean;
begin
  perform refuse_lines(check_cart.lines);
  select q.total into v_total from quote_lines(check_cart.lines) q where q.shop_id is null;
  v_is_unseen := exists (
    select from jsonb_to_recordset(check_cart.lines) as l (is_price_raised boolean, is_shipping_raised boolean)
    where l.is_price_raised or l.is_shipping_raised
  ) or exists (
    select from holds h where h.user_id = check_cart.buyer_id and h.lapsed_at is not null and h.is_lapse_unseen
  );
  if v_total <> check_cart.expected_total or (check_cart.expected_total is null and v_is_unseen) then
    perform refuse_total(check_cart.buyer_id, check_cart.lines, v_total);
  elsif v_total >= 100000000 then
    raise exception using errcode = 'SWINV',
      message = 'The total of a checkout must be below $100,000,000.', detail = '{"field": "total"}';
  end if;
end;
$$;
comment on function check_cart(bigint, jsonb, numeric) is
  'Refuses a locked cart that cannot be ordered as it is. SWVAC, SWOWI, SWSTK, SWRES, SWPRC, SWINV (a total that no payment '
  'can carry).';
