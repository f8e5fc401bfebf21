-- The worker calls this function when a heartbeat finds a checkout that is due: its call died, or its payment is still pending at
-- the provider. The enqueued job settles it. The function reads the current state, so a lost job is replaced. A checkout with a
-- live job gets no second one.
-- Locks: the checkouts. Skips those that are being settled.
create or replace function enqueue_stuck_checkouts() returns table (checkout_id bigint)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with due as (
    select c.id from checkouts c
    where c.status = 'pending' and c.settle_after < clock_timestamp()
      and exists (select from payments p where p.checkout_id = c.id and p.method is not null)
    order by c.id
    for update skip locked
  ),
  taken as (
    update checkouts c set settle_after = least(
      clock_timestamp() + interval '30 seconds', case when c.charge_until > clock_timestamp() then c.charge_until end
    )
    from due
    where c.id = due.id and not has_live_job('settle_checkout', jsonb_build_object('checkout_id', c.id))
    returning c.id
  )
  select t.id from taken t
  cross join lateral enqueue_job('settle_checkout', jsonb_build_object('checkout_id', t.id)) job
$$;
comment on function enqueue_stuck_checkouts() is
  'Enqueues a settlement for every pending checkout whose settle_after has passed and that has no live job. Returns them. The '
  'next settlement of each is due 30 seconds later, or at charge_until.';
