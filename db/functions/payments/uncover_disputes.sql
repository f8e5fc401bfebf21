-- A refund that was made at the provider has left the payment, also if a dispute has taken the same money. The orders pay the refund
-- then, and the marketplace has the loss of the dispute. An order from which more has gone than it cost pays nothing more. Changes
-- nothing if all of that is less than the amount. The caller has locked the orders of the payment, and books them.
create or replace function uncover_disputes(p payments, refund_reference text, amount numeric) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_missing numeric := amount - amount_left(p);
  v_hold record;
  v_held numeric := 0;
  v_part numeric;
begin
  for v_hold in
    select h.*, sum(h.amount) over () as held
    from orders o
    join order_holds h on h.order_id = o.id and h.kind = 'dispute' and (h.ended_at is null or h.is_lost)
    where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id) and o.ship_by is not null
      and left_of_order(o) >= 0
    order by h.is_lost, h.order_id, h.created_at
  loop
    exit when v_missing <= 0 or v_missing > v_hold.held - v_held;
    v_part := least(v_hold.amount, v_missing);
    continue when v_part = 0;
    update order_holds h set amount = h.amount - v_part
    where h.order_id = v_hold.order_id and h.kind = v_hold.kind and h.source = v_hold.source;
    if v_hold.is_lost and is_in_ledger(p) then
      perform book_balance(
        'refund', v_hold.source || ':order:' || v_hold.order_id || ':' || refund_reference, p.checkout_id, null,
        'bad_debt', 'provider', v_part
      );
    end if;
    v_held := v_held + v_part;
    v_missing := v_missing - v_part;
  end loop;
end;
$$;
comment on function uncover_disputes(payments, text, numeric) is
  'Leaves the orders of a payment enough for a refund that was made at the provider, out of what disputes hold or took.';
