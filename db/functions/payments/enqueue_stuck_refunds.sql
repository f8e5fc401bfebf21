-- The reconciler of refunds. Level-triggered like enqueue_stuck_checkouts. provider: that of the worker, which can ask no other.
-- Locks: the refunds and the late charges. Skips locked rows.
create or replace function enqueue_stuck_refunds(provider text) returns table (queue text, data jsonb)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with pending_refunds as (
    select r.id from refunds r
    join payments p on p.id = r.payment_id
    where r.status = 'pending' and p.provider = enqueue_stuck_refunds.provider and p.provider_reference is not null
      and r.created_at < clock_timestamp() - interval '30 seconds'
    order by r.id
    for update of r skip locked
  ),
  pending_late_charges as (
    select p.checkout_id from late_charges lc
    join payments p on p.id = lc.payment_id
    where lc.status = 'pending' and p.provider = enqueue_stuck_refunds.provider
      and lc.created_at < clock_timestamp() - interval '30 seconds'
    order by lc.payment_id
    for update of lc skip locked
  ),
  owed as (
    select 'refund_payment' as queue, jsonb_build_object('refund_id', pr.id) as data from pending_refunds pr
    union all
    select 'refund_late_charge', jsonb_build_object('checkout_id', pl.checkout_id) from pending_late_charges pl
  ),
  enqueued as materialized (
    select owed.queue, owed.data, enqueue_job(owed.queue, owed.data) as job_id
    from owed
    where not has_live_job(owed.queue, owed.data)
  )
  select enqueued.queue, enqueued.data from enqueued
$$;
comment on function enqueue_stuck_refunds(text) is
  'Enqueues every refund and late charge of a provider that is owed for 30 seconds and has no live job. Returns them.';
