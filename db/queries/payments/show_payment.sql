-- The provider's side of a payment that it took.
-- $1 payment_id
select p.provider, p.provider_reference as reference
from payments p
where p.id = $1 and p.provider_reference is not null
