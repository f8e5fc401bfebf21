-- Disputes that are open, or ended in the last 30 days, oldest open ones first.
-- Normal: no open row. An open dispute refuses refunds of its orders. Send evidence (tracking, messages) in the provider's
-- dashboard before its deadline; the provider's event ends the dispute here. A lost one has gone back to the buyer.
select d.id, d.status, d.amount, d.reason, d.created_at as since, d.updated_at as changed, p.checkout_id,
  array(
    select o.id from orders o where o.checkout_id = p.checkout_id and is_in_month_of(o.id, p.checkout_id) order by o.id
  ) as order_ids,
  p.provider, p.provider_reference, d.provider_reference as dispute_reference
from disputes d
join payments p on p.id = d.payment_id
where d.status = 'open' or d.updated_at > now() - interval '30 days'
order by d.status <> 'open', d.created_at
limit 200;
