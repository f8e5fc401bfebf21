-- The caller has locked the orders of the payment, and books them. A part of a dispute can be beyond what the orders had left. They
-- have more left after a refund that failed, or after another dispute that was won.
create or replace function cover_dispute(d disputes, p payments) returns numeric
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_source constant text := 'dispute:' || d.id;
  v_held numeric;
  v_covered numeric;
begin
  select coalesce(sum(h.amount), 0) into v_held
  from orders o join order_holds h on h.order_id = o.id and h.kind = 'dispute' and h.source = v_source
  where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id);
  with covered as (
    update order_holds h set amount = h.amount + s.amount
    from share_amount(p, least(amount_left(p), d.amount - v_held)) s
    where h.order_id = s.order_id and h.kind = 'dispute' and h.source = v_source
    returning s.amount
  )
  select coalesce(sum(c.amount), 0) into v_covered from covered c;
  return v_covered;
end;
$$;
comment on function cover_dispute(disputes, payments) is
  'Takes what is still missing of a dispute from what the orders of its payment have left. Returns the amount, in US dollars.';
