-- The first part of a cancellation: no call and no job charges any more, and the buyer can no longer act. The caller then asks
-- the provider to cancel the charge and settles the checkout with the provider's outcome, which can still be paid. If the caller
-- dies, the worker does both (settle_after).
-- Returns what the caller sends to the provider, or no row if the buyer has given the checkout up before and it is cancelled.
-- Locks: the checkout.
create or replace function give_up_checkout(checkout_id bigint, user_id bigint)
returns table (amount numeric, method text, reference text, age_s double precision)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_checkout checkouts;
begin
  select c.* into v_checkout from checkouts c
  where c.id = give_up_checkout.checkout_id and c.buyer_id = give_up_checkout.user_id
    and exists (select from payments p where p.checkout_id = c.id and p.method is not null)
  for update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such checkout.';
  end if;
  if v_checkout.status = 'cancelled' and v_checkout.is_given_up then
    return;
  elsif v_checkout.status <> 'pending' then
    perform refuse_settled(v_checkout);
  end if;
  update checkouts c
  set is_given_up = true, charge_until = least(c.charge_until, clock_timestamp()),
    settle_after = clock_timestamp() + interval '10 seconds'
  where c.id = v_checkout.id;
  return query
    select p.amount, p.method, p.provider_reference, extract(epoch from clock_timestamp() - p.created_at)::double precision
    from payments p where p.checkout_id = v_checkout.id;
end;
$$;
comment on function give_up_checkout(bigint, bigint) is
  'Gives up the payment of a pending checkout, for its buyer. SWNTF, SWCHK (the checkout is settled).';
