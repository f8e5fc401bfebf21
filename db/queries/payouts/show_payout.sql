-- A payout that the provider has not ended, a row for each transfer that it has not made yet: positive ones first, because they bring
-- the money that a reversal takes. A refused reversal is not asked for again. Without transfers it is one row.
-- source: the provider's id of the payment that the money is from. reversed: the transfer that a reversal takes it from, the one of
-- the same order if the provider made it, otherwise the largest one of the payout.
-- PAYOUTS_PAUSED keeps a planned one here.
-- $1 payout_id
select p.id as payout_id, p.shop_id, p.provider, p.amount, p.status, p.provider_reference as reference, a.reference as account,
  t.id as transfer_id, abs(t.amount) as transfer_amount, coalesce(t.amount < 0, false) as is_reversal,
  t.status as transfer_status, o.checkout_id, y.provider_reference as source, r.provider_reference as reversed
from payouts p
left join payout_accounts a on a.shop_id = p.shop_id and a.provider = p.provider
left join transfers t on t.payout_id = p.id and t.status <> 'done' and (t.amount > 0 or t.status <> 'failed')
left join orders o on o.id = t.order_id
left join payments y on y.checkout_id = o.checkout_id and y.provider = p.provider
left join lateral (
  select f.provider_reference from transfers f
  where t.amount < 0 and (f.order_id = t.order_id or f.payout_id = p.id)
    and f.shop_id = p.shop_id and f.amount > 0 and f.status = 'done' and f.provider_reference is not null
  order by coalesce(f.order_id = t.order_id, false) desc, f.amount desc
  limit 1
) r on true
where p.id = $1 and p.status in ('planned', 'sent', 'unknown') and (p.status <> 'planned' or not payouts_are_paused())
order by t.amount < 0, t.id
