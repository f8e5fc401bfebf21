-- The one place that divides an order between buyer, shop and marketplace. It reads what was sold, refunded and disputed, and of what
-- was booked only had_available. So bookings in any order end at the same cent, and rounding cannot drift: the commission that stays
-- is rounded once, from all that has gone back so far, and the shop has the exact remainder.
-- had_available: what the order has added to the available balance of its shop so far. Before the release this part stays there.
-- Amounts as in ledger_entries; the rows add up to 0.
create or replace function order_shares(o orders, had_available numeric default 0) returns table (account text, amount numeric)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_disputed numeric := 0;
  v_lost numeric := 0;
  v_commission numeric := 0;
  v_commission_tax numeric := 0;
  v_gone numeric;
  v_returned numeric;
  v_tax numeric;
  v_shop numeric;
  v_pending numeric;
begin
  if o.has_follow_ups then
    select coalesce(sum(h.amount) filter (where h.ended_at is null), 0), coalesce(sum(h.amount) filter (where h.is_lost), 0)
    into v_disputed, v_lost
    from order_holds h where h.order_id = o.id and h.kind = 'dispute';
  end if;
  -- A free order has no entries.
  v_gone := o.refunded + v_disputed + v_lost;
  -- A seller can refund an order whose dispute is lost, out of what the other orders of the payment have left. More has gone then than
  -- the order cost: a debt of the shop. The commission returns once.
  v_returned := least(v_gone, o.total);
  select coalesce(sum(c.amount - case when c.is_returned_on_refund then round(c.amount * v_returned / o.total, 2) else 0 end), 0),
    coalesce(sum(c.tax - case when c.is_returned_on_refund then round(c.tax * v_returned / o.total, 2) else 0 end), 0)
  into v_commission, v_commission_tax
  from order_commissions c where c.order_id = o.id and o.total > 0;
  v_tax := case when o.total > 0 then o.tax - round(o.tax * v_returned / o.total, 2) else 0 end;
  v_shop := o.total - v_gone - v_commission - v_commission_tax - v_tax;
  -- Nothing of an order waits for its delivery once all of it has gone back. A commission that stays is a debt of the shop.
  v_pending := case when o.released_at is not null or v_gone >= o.total then 0 else v_shop - had_available end;
  return query values
    ('provider', v_lost + o.refunded - o.total),
    ('disputed', v_disputed),
    ('commission', v_commission),
    ('commission_tax', v_commission_tax),
    ('tax_payable', v_tax),
    ('seller_pending', v_pending),
    ('seller_available', v_shop - v_pending);
end;
$$;
comment on function order_shares(orders, numeric) is
  'Returns what each account has of an order now, in US dollars: its shop, the marketplace, the tax office, disputes.';
