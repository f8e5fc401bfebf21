-- A refund can fail, and a dispute can end, without a webhook. A question waits a quarter of the time since the last change, at
-- least 10 seconds and at most 6 hours. The waiting job is the only state: the next run after its end enqueues the next question.
-- provider: that of the worker, which can ask no other.
create or replace function enqueue_reconciliations(provider text) returns table (payment_id bigint)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with open as (
    select r.payment_id, r.updated_at from refunds r where r.status = 'sent'
    union all
    select lc.payment_id, lc.updated_at from late_charges lc where lc.status = 'sent'
    union all
    select d.payment_id, d.updated_at from disputes d where d.status = 'open'
  ),
  asked as (
    select (j.data ->> 'payment_id')::bigint as payment_id
    from pgboss.job j where j.name = 'reconcile_provider' and j.state < 'completed' and j.data ? 'payment_id'
  ),
  due as materialized (
    select o.payment_id,
      extract(
        epoch from least(greatest((now() - max(o.updated_at)) / 4, interval '10 seconds'), interval '6 hours')
      )::integer as in_s
    from open o
    join payments p on p.id = o.payment_id and p.provider = enqueue_reconciliations.provider
    where not exists (select from asked a where a.payment_id = o.payment_id)
    group by o.payment_id
  ),
  enqueued as materialized (
    select d.payment_id, enqueue_job('reconcile_provider', jsonb_build_object('payment_id', d.payment_id), d.in_s) as job_id
    from due d
  )
  select e.payment_id from enqueued e order by e.payment_id
$$;
comment on function enqueue_reconciliations(text) is
  'Enqueues a question to the provider about each of its payments with an open refund or dispute, the less often the older it is. '
  'Returns the payments.';
