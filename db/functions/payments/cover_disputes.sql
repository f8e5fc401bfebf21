-- A refund and a dispute can both have taken the money of an order. If the refund fails, its money is back: it pays for the dispute,
-- and the shop is owed nothing more. The loss that the marketplace had of a lost dispute ends. The caller has locked the orders of
-- the payment, and books them.
create or replace function cover_disputes(p payments, refund_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_dispute disputes;
  v_covered numeric;
begin
  for v_dispute in select d.* from disputes d where d.payment_id = p.id and d.status <> 'won' order by d.id loop
    v_covered := cover_dispute(v_dispute, p);
    if v_covered > 0 and v_dispute.status = 'lost' and is_in_ledger(p) then
      perform book_balance(
        'refund_failed', 'refund:' || cover_disputes.refund_id || ':dispute:' || v_dispute.id, p.checkout_id, null,
        'provider', 'bad_debt', v_covered
      );
    end if;
  end loop;
end;
$$;
comment on function cover_disputes(payments, bigint) is
  'Lets the money of a failed refund pay for the disputes of its payment, as far as the orders had too little left for them.';
