-- Refunds that failed in the last 30 days and were not made again, and open disputes.
select
  (
    select count(*) from refunds r
    where r.status = 'failed' and r.updated_at > now() - interval '30 days' and r.amount > (
      select coalesce(sum(later.amount), 0) from refunds later
      where later.order_id = r.order_id and later.id > r.id and later.status <> 'failed'
    )
  ) + (
    select count(*) from late_charges lc where lc.status = 'failed' and lc.updated_at > now() - interval '30 days'
  ) as failed_refunds,
  (select count(*) from disputes d where d.status = 'open') as open_disputes
