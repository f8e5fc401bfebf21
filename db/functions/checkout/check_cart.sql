-- The caller has locked the cart. Lines that cannot be ordered come first, all of them at once (refuse_lines), then the total: that is the
-- expected one, or, where none is expected, one that no seller has raised and no lapsed hold has changed behind the buyer's back.
-- Raises what refuse_lines and refuse_total raise, and SWINV (a total that no payment can carry).
create or replace function check_cart(buyer_id bigint, line_ids bigint[], expected_total numeric) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_cart record;
begin
  select sum(costs.items + costs.shipping) as total, bool_or(costs.is_in_trouble) as is_in_trouble, bool_or(costs.is_raised) as is_raised
  into v_cart
  from (
    select sum(l.quantity * l.price) as items, shipping_cost(l.shipping, sum(l.quantity)) as shipping,
      bool_or(l.unavailable_reason is not null) as is_in_trouble, bool_or(l.is_price_raised or l.is_shipping_raised) as is_raised
    from lines_to_order(check_cart.buyer_id, check_cart.line_ids) l
    group by l.shop_id, l.shipping
  ) costs;
  if v_cart.is_in_trouble then
    -- Names nothing where the hold of another buyer, the only trouble, lapsed since the look above: the cart can be ordered then.
    perform refuse_lines(check_cart.buyer_id, check_cart.line_ids);
  end if;
  if v_cart.total <> check_cart.expected_total then
    perform refuse_total(check_cart.buyer_id, check_cart.line_ids, v_cart.total);
  elsif check_cart.expected_total is null and (v_cart.is_raised or exists (
    select from holds h where h.user_id = check_cart.buyer_id and h.lapsed_at is not null and h.is_lapse_unseen
  )) then
    perform refuse_total(check_cart.buyer_id, check_cart.line_ids, v_cart.total);
  elsif v_cart.total >= 100000000 then
    raise exception using errcode = 'SWINV',
      message = 'The total of a checkout must be below $100,000,000.', detail = '{"field": "total"}';
  end if;
end;
$$;
comment on function check_cart(bigint, bigint[], numeric) is
  'Refuses a locked cart that cannot be ordered as it is. SWVAC, SWOWI, SWSTK, SWRES, SWPRC, SWINV (a total that no payment can carry).';
