-- The payment of a page of simulated actions.
-- $1 checkout_id
select
  p.checkout_id, p.status, p.amount, p.method, p.provider_reference as reference,
  extract(epoch from clock_timestamp() - p.created_at)::float8 as age_s
from payments p
where p.checkout_id = $1 and p.method is not null
