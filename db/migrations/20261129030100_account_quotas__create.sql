-- migrate:up
-- What an account may have by a single call each is in default_quotas. An operator raises it for one account here.
set local lock_timeout = '2s';
create table account_quotas (
  user_id bigint not null references users (id) on delete cascade,
  quota text not null,
  max integer not null,
  primary key (user_id, quota),
  constraint account_quotas_quota_is_known check (quota in ('shops', 'listings', 'favorites', 'sessions', 'keys')),
  constraint account_quotas_max_is_not_negative check (max >= 0)
);
comment on table account_quotas is 'Accounts that may have more, or less, than default_quotas says. set_quota writes it.';
comment on column account_quotas.user_id is 'The account.';
comment on column account_quotas.quota is 'What is bounded: shops, listings, favorites, sessions, or keys (Idempotency-Keys a day).';
comment on column account_quotas.max is 'How many the account may have. RATE_LIMIT_SCALE multiplies it.';

-- A shop of 20,000 listings is not counted at every new one: only what is newer than the last count.
create table listing_counts (
  shop_id bigint primary key references shops (id) on delete cascade,
  listings integer not null,
  newest_created_at timestamptz not null,
  newest_id bigint not null,
  constraint listing_counts_listings_is_positive check (listings > 0)
);
comment on table listing_counts is 'How many listings a shop had when count_listings last counted them. A row may be deleted: it is counted anew.';
comment on column listing_counts.shop_id is 'The shop.';
comment on column listing_counts.listings is 'How many listings it had, archived ones included.';
comment on column listing_counts.newest_created_at is 'created_at of the newest of these listings.';
comment on column listing_counts.newest_id is 'Id of the newest of these listings.';

-- migrate:down
set local lock_timeout = '2s';
drop table listing_counts;
drop table account_quotas;
