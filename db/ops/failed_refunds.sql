-- Orders whose refunds failed at the provider and were not made again, newest first: the buyers are owed the amount
-- (refunds_owed_again). The reason and the references are those of the last failed refund.
-- Normal: no row. The seller of an order has a mail and refunds it once more; ask a seller who does not. A row without an order
-- is a late charge of a cancelled checkout: `select owe_late_charge_again(<checkout_id>)`, as stallwright_migrator. If the
-- buyer's card no longer takes money, refund in the provider's dashboard by another way; the books follow its event.
select 'refund' as what, r.id, r.order_id, p.checkout_id, owed.amount, r.failure_reason, r.updated_at as failed_at,
  p.provider, p.provider_reference, r.provider_reference as refund_reference
from refunds_owed_again() owed
join refunds r on r.id = owed.last_failed_id
join payments p on p.id = r.payment_id
union all
select 'late charge', lc.payment_id, null, p.checkout_id, lc.amount, lc.failure_reason, lc.updated_at,
  p.provider, p.provider_reference, null
from late_charges lc
join payments p on p.id = lc.payment_id
where lc.status = 'failed'
order by failed_at desc
limit 200;
