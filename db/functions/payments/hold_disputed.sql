-- The caller has locked the orders of the payment. A dispute is about the payment: each order has its part of the amount, by what it
-- has left. What the orders do not have left any more is the marketplace's own loss, if the dispute is lost. A dispute can end before
-- the provider has reported its beginning.
-- Locks: balances of the shops by id.
create or replace function hold_disputed(d disputes, p payments) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_source constant text := 'dispute:' || d.id;
  v_order_ids constant bigint[] := array(
    select o.id from orders o
    where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id) and o.ship_by is not null
    order by o.id
  );
  v_held numeric;
begin
  update orders o set has_follow_ups = true where o.id = any (v_order_ids) and is_in_month_of(o.id, p.checkout_id);
  if not exists (select from order_holds h where h.order_id = any (v_order_ids) and h.source = v_source) then
    insert into order_holds (order_id, kind, source, amount)
    select i.order_id, 'dispute', v_source, coalesce(s.amount, 0)
    from unnest(v_order_ids) i (order_id)
    left join share_amount(p, least(d.amount, amount_left(p))) s on s.order_id = i.order_id;
    perform book_orders('dispute_opened', v_source, v_order_ids);
  end if;
  if d.status = 'lost' then
    perform cover_dispute(d, p);
  end if;
  if d.status <> 'open' then
    update order_holds h set ended_at = clock_timestamp(), is_lost = d.status = 'lost'
    where h.order_id = any (v_order_ids) and h.source = v_source and h.ended_at is null;
    perform book_orders('dispute_' || d.status, v_source, v_order_ids);
    select coalesce(sum(h.amount), 0) into v_held from order_holds h where h.order_id = any (v_order_ids) and h.source = v_source;
    if d.status = 'lost' and v_held < d.amount and is_in_ledger(p) then
      perform book_balance(
        'dispute_lost', v_source || ':beyond_orders', p.checkout_id, null, 'bad_debt', 'provider', d.amount - v_held
      );
    end if;
  end if;
end;
$$;
comment on function hold_disputed(disputes, payments) is
  'Holds what a dispute is about, or ends the hold when the bank has decided, and books it.';
