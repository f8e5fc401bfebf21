-- The reconciler of payouts. Level-triggered like enqueue_stuck_refunds. provider: that of the worker, which can ask no other.
-- A bank needs days for a payout that was sent, and most providers report its end by webhook, so such a payout is looked at once an
-- hour: the update moves it to the end of the queue.
-- Locks: the payouts. Skips locked rows.
create or replace function enqueue_stuck_payouts(provider text, max_payouts integer default 500) returns table (payout_id bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return query
    with stuck as materialized (
      select p.id, p.status from payouts p
      where p.status in ('planned', 'sent', 'unknown') and p.provider = enqueue_stuck_payouts.provider
        and p.updated_at < clock_timestamp() - case p.status when 'sent' then interval '1 hour' else interval '30 seconds' end
        and not has_live_job('send_payout', jsonb_build_object('payout_id', p.id))
      order by p.updated_at
      limit max_payouts
      for no key update skip locked
    ),
    looked_at as (
      update payouts p set updated_at = clock_timestamp() from stuck s where p.id = s.id and s.status = 'sent'
    ),
    enqueued as materialized (
      select s.id, enqueue_job('send_payout', jsonb_build_object('payout_id', s.id)) as job_id from stuck s
    )
    select e.id from enqueued e order by e.id;
end;
$$;
comment on function enqueue_stuck_payouts(text, integer) is
  'Enqueues the payouts of a provider that have waited for 30 seconds, or for an hour once sent, without a live job. Returns them.';
