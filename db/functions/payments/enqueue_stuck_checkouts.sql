-- The reconciler, for charges. Looks at what is and not at what happened: whatever became of its job, a checkout that is
-- pending for longer than any call takes gets a new one. Two runs at the same moment may enqueue one twice: the second job
-- then finds nothing to do.
-- Locks: the checkouts, passing over those that somebody settles at this moment.
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
  'Enqueues settlement anew for every checkout that is pending for 30 seconds and has no live job; returns which.';
