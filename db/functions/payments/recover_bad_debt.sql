-- A refund and a lost dispute have both sent the money of an order to the buyer, so the marketplace has a loss. If the refund fails,
-- its money is back: the loss ends, and the shop is owed nothing more. The caller has locked the orders of the payment.
create or replace function recover_bad_debt(p payments, refund_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_dispute disputes;
  v_covered numeric;
begin
  for v_dispute in select d.* from disputes d where d.payment_id = p.id and d.status = 'lost' order by d.id loop
    v_covered := cover_lost_dispute(v_dispute, p);
    if v_covered > 0 and exists (
      select from ledger_transactions t
      where t.kind = 'dispute_lost' and t.source = 'dispute:' || v_dispute.id || ':beyond_orders'
        and is_in_month_of(t.id, p.checkout_id)
    ) then
      perform book_balance(
        'refund_failed', 'refund:' || recover_bad_debt.refund_id || ':dispute:' || v_dispute.id, p.checkout_id, null, null,
        'provider', 'bad_debt', v_covered
      );
    end if;
  end loop;
end;
$$;
comment on function recover_bad_debt(payments, bigint) is
  'Lets the money of a failed refund pay for lost disputes of its payment, as far as the marketplace has paid for them.';
