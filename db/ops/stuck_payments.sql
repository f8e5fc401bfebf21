-- Checkouts, refunds and late charges that are pending for longer than any call or job takes. A buyer has up to 15 minutes for an
-- action such as 3-D Secure.
-- Normal: no row. The worker gives each a new job: checkouts every 30 seconds, refunds every minute (queue reconcile_payments).
-- If a row stays, the provider does not respond or no worker runs: see the log of `job_id`, then waiting_jobs.sql and
-- dead_jobs.sql.
with owed as (
  select 'checkout' as what, c.id, c.id as checkout_id, p.id as payment_id, c.total as amount, c.created_at as since,
    'settle_checkout' as queue, jsonb_build_object('checkout_id', c.id) as job_data
  from checkouts c
  join payments p on p.checkout_id = c.id
  where c.status = 'pending' and c.created_at < now() - interval '1 minute'
    and (p.status <> 'requires_action' or c.charge_until < now() - interval '20 seconds')
  union all
  select 'refund of order ' || r.order_id, r.id, p.checkout_id, p.id, r.amount, r.created_at,
    'refund_payment', jsonb_build_object('refund_id', r.id)
  from refunds r
  join payments p on p.id = r.payment_id
  where r.status = 'pending' and r.created_at < now() - interval '5 minutes'
  union all
  select 'late charge', lc.payment_id, p.checkout_id, p.id, lc.amount, lc.created_at,
    'refund_late_charge', jsonb_build_object('checkout_id', p.checkout_id)
  from late_charges lc
  join payments p on p.id = lc.payment_id
  where lc.status = 'pending' and lc.created_at < now() - interval '5 minutes'
)
select o.what, o.id, o.checkout_id, o.amount, o.since, p.provider, p.provider_reference,
  j.state as job_state, j.tries as job_tries, j.id as job_id
from owed o
join payments p on p.id = o.payment_id
left join lateral show_job(o.queue, o.job_data) j on true
order by o.since;
