-- Open payouts that should have moved on, oldest first: an hour after they were planned (7 days if an operator can pay it), or 10 days once
-- they were sent. And payouts with a problem: the provider has reported something else than this row says.
-- Normal: no row. The job reconcile_payouts asks the provider about each. docs/ALERTS.md, PayoutsAreStuck.
select p.id as payout_id, p.shop_id, p.provider, p.status, p.problem, p.amount, p.provider_reference, p.failure_reason,
  now() - p.created_at as since
from payouts p
where (p.status in ('planned', 'sent', 'unknown') or p.problem is not null)
  and is_stuck_payout(p.status, p.provider, p.shop_id, p.created_at, p.problem)
order by p.created_at;
