-- share_amount spreads the amount over the orders. The caller has locked them. Returns no row, and writes nothing, if they have less
-- left than the amount, disputes aside.
-- Locks: like write_refund.
create or replace function book_provider_refund(p payments, reference text, amount numeric, outcome text)
returns table (order_status text, moved_totals text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_share record;
  v_refund refunds;
  v_status text;
begin
  perform uncover_disputes(p, reference, book_provider_refund.amount);
  for v_share in
    select o as placed, s.amount
    from share_amount(p, book_provider_refund.amount) s
    join orders o on o.id = s.order_id and is_in_month_of(o.id, p.checkout_id)
    order by o.id
  loop
    v_refund := null;
    v_refund.amount := v_share.amount;
    v_refund.provider_reference := reference;
    v_refund.status := case outcome when 'failed' then 'sent' else outcome end;
    v_refund := write_refund(v_share.placed, v_refund, null);
    if outcome = 'failed' then
      perform settle_refund(v_refund.id, outcome);
    end if;
    select o.status into v_status from orders o where o.id = v_refund.order_id;
    return query
      select v_status, case when v_status <> (v_share.placed).status then array[(v_share.placed).total::text] end;
  end loop;
end;
$$;
comment on function book_provider_refund(payments, text, numeric, text) is
  'Books a refund that was made at the provider, spread over the orders of its payment. A failed one is booked and fails at once, '
  'so that a late report of its start changes nothing.';
