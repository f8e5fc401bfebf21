-- A payment that is not settled yet. Between charge_until and may_abandon a charge can be in progress that the provider does not
-- show yet.
-- $1 checkout_id
select
  c.id as checkout_id,
  p.amount,
  p.method,
  p.provider_reference as reference,
  extract(epoch from clock_timestamp() - c.created_at)::float8 as age_s,
  c.charge_until > clock_timestamp() as may_charge,
  c.charge_until + interval '20 seconds' < clock_timestamp() as may_abandon
from checkouts c
join payments p on p.checkout_id = c.id
where c.id = $1 and c.status = 'pending' and p.method is not null
