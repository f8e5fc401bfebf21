-- The step "check" of split_cart. lines: rows of lines_to_order of a locked cart. total: their total, by quote_lines. Checks
-- first the lines, then the total, which must equal expected_total. If expected_total is null, no seller may have raised the
-- total, and no lapsed hold may have changed it without the buyer's knowledge. amount_limits: {min, max} of place_checkout, or
-- null.
create or replace function check_cart(
  buyer_id bigint, lines jsonb, total numeric, expected_total numeric, amount_limits jsonb
) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if lines @? '$[*] ? (@.unavailable_reason != null)' then
    perform refuse_lines(lines);
  elsif total <> expected_total
    or expected_total is null and (
      lines @? '$[*] ? (@.is_price_raised == true || @.is_shipping_raised == true)'
      or exists (select from holds h where h.user_id = check_cart.buyer_id and h.lapsed_at is not null and h.is_lapse_unseen)
    )
  then
    perform refuse_total(buyer_id, lines, total);
  elsif total < (amount_limits ->> 'min')::numeric or total > (amount_limits ->> 'max')::numeric then
    raise exception using errcode = 'SWAMT',
      message = format(
        'The total is $%s. The payment provider charges $%s to $%s at once.', total, amount_limits ->> 'min', amount_limits ->> 'max'
      ),
      detail = amount_limits || jsonb_build_object('total', total::text);
  elsif total >= 100000000 then
    raise exception using errcode = 'SWINV',
      message = 'The total of a checkout must be below $100,000,000.', detail = '{"field": "total"}';
  end if;
end;
$$;
comment on function check_cart(bigint, jsonb, numeric, numeric, jsonb) is
  'Refuses a locked cart that cannot be ordered as it is. SWVAC, SWOWI, SWSTK, SWRES, SWPER, SWDST, SWPRC, SWAMT (a total outside '
  'the limits of the provider), SWINV (a total that no payment can carry).';
