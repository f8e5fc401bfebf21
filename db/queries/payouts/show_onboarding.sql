-- The account of a shop at a provider.
-- $1 shop_id, $2 provider
select a.reference, a.country, a.status from payout_accounts a where a.shop_id = $1 and a.provider = $2
