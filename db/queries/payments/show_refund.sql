-- A refund that the provider has not made yet. A payment without a reference went past the providers; people refund it by hand.
-- $1 refund_id
select p.checkout_id, p.provider, p.provider_reference as reference, format('refund_%s', r.id) as key, r.amount
from refunds r
join payments p on p.id = r.payment_id
where r.id = $1 and r.status = 'pending' and p.provider_reference is not null
