-- The payment of a page of simulated actions. The buyer can no longer act once the checkout is given up.
-- $1 checkout_id
select
  p.checkout_id,
  case when c.is_given_up and p.status = 'requires_action' then 'pending' else p.status end as status,
  p.amount, p.method, p.provider_reference as reference,
  extract(epoch from clock_timestamp() - p.created_at)::float8 as age_s
from payments p
join checkouts c on c.id = p.checkout_id
where p.checkout_id = $1 and p.method is not null
