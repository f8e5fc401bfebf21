-- The reconciler of charges. It looks at the current state: a checkout that is pending for longer than any call takes gets a new
-- job, whatever happened to the old one. Concurrent runs can enqueue one checkout twice, and the second job finds nothing to do.
-- Locks: the checkouts. Skips those that are being settled.
create or replace function enqueue_stuck_checkouts() returns table (checkout_id bigint)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with stuck as (
    select c.id from checkouts c
    where c.status = 'pending' and c.created_at < clock_timestamp() - interval '30 seconds'
      and exists (select from payments p where p.checkout_id = c.id and p.method is not null)
    order by c.id
    for update skip locked
  )
  update checkouts c
  set settle_job_id = enqueue_job('settle_checkout', jsonb_build_object('checkout_id', c.id))
  from stuck
  where c.id = stuck.id and not has_live_job('settle_checkout', jsonb_build_object('checkout_id', c.id))
  returning c.id
$$;
comment on function enqueue_stuck_checkouts() is
  'Enqueues a settlement for every checkout that is pending for 30 seconds and has no live job. Returns them.';
