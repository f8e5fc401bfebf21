-- Each order gets the whole cents of its share, and the largest remainders one cent more (ties: the lower order id). The caller has
-- locked the orders. Returns no row if they have less left than the amount.
create or replace function share_amount(p payments, shared_amount numeric) returns table (order_id bigint, amount numeric)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    with owing as (
      select o.id, left_of_order(o) * 100 as cents
      from orders o
      where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id)
        and o.ship_by is not null and left_of_order(o) > 0
    ),
    divided as (
      select owing.id, sum(owing.cents) over () as all_cents,
        div(owing.cents * shared_amount * 100, sum(owing.cents) over ()) as whole,
        mod(owing.cents * shared_amount * 100, sum(owing.cents) over ()) as remainder
      from owing
    ),
    parts as (
      select d.id,
        d.whole + (
          row_number() over (order by d.remainder desc, d.id) <= shared_amount * 100 - sum(d.whole) over ()
        )::integer as cents
      from divided d
      where shared_amount * 100 <= d.all_cents
    )
    select s.id, round(s.cents / 100, 2) from parts s where s.cents > 0 order by s.id;
end;
$$;
comment on function share_amount(payments, numeric) is
  'Spreads an amount over the orders of a payment by what each has left besides refunds and disputes, in cents.';
