-- Spreads the amount over the payment's orders by what each has left, in cents: each order gets the whole cents of its share, and
-- the largest remainders one cent more (ties: the lower order id). The caller has locked the orders. Returns no row, and writes
-- nothing, if the orders have less left than the amount.
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
  for v_share in
    with owing as (
      select o as placed, o.id, ((o.total - o.refunded) * 100)::numeric as cents
      from orders o
      where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id)
        and o.ship_by is not null and o.refunded < o.total
    ),
    divided as (
      select owing.placed, owing.id, sum(owing.cents) over () as all_cents,
        div(owing.cents * amount * 100, sum(owing.cents) over ()) as whole,
        mod(owing.cents * amount * 100, sum(owing.cents) over ()) as remainder
      from owing
    ),
    shared as (
      select d.placed, d.id,
        d.whole + (row_number() over (order by d.remainder desc, d.id) <= amount * 100 - sum(d.whole) over ())::integer as cents
      from divided d
      where amount * 100 <= d.all_cents
    )
    select s.placed, round(s.cents / 100, 2) as amount from shared s where s.cents > 0 order by s.id
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
