-- What to ask the provider for, to compare its books: three days, and an hour for clocks that differ.
-- accounts: where it paid in that time.
-- $1 provider
select r.since, r.listed_at, array(
    select distinct a.reference
    from payouts p
    join payout_accounts a on a.shop_id = p.shop_id and a.provider = p.provider
    where p.provider = $1 and p.created_at >= r.since and a.reference is not null
  ) as accounts
from (select now() - interval '73 hours' as since, clock_timestamp() as listed_at) r
