-- A charge of a cancelled checkout that was not refunded yet.
-- $1 checkout_id
select p.checkout_id, p.provider, p.provider_reference as reference, late_charge_key(p.checkout_id, lc.failures) as key, lc.amount
from late_charges lc
join payments p on p.id = lc.payment_id
where p.checkout_id = $1 and lc.status = 'pending' and p.provider_reference is not null
