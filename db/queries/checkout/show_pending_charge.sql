-- A payment that is not settled yet, or that was declined while its charge can be open at the provider (has_too_many_actions).
-- Between charge_until and may_abandon a charge can be in progress that the provider does not show yet; none is in progress for a
-- payment that requires an action. must_cancel: the buyer gave up, did not act in time, or may not act.
-- $1 checkout_id
select
  c.id as checkout_id,
  p.amount,
  p.method,
  p.provider_reference as reference,
  extract(epoch from clock_timestamp() - c.created_at)::float8 as age_s,
  c.charge_until > clock_timestamp() and p.status = 'pending' as may_charge,
  c.charge_until + case p.status when 'pending' then interval '20 seconds' else interval '0' end < clock_timestamp()
    or c.status <> 'pending' as may_abandon,
  c.is_given_up or c.status <> 'pending' or p.status = 'requires_action' and c.charge_until < clock_timestamp() as must_cancel
from checkouts c
join payments p on p.checkout_id = c.id
where c.id = $1 and (c.status = 'pending' or p.status = 'declined') and p.method is not null
