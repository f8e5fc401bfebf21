-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '1min';
-- The new index first, so that no moment lets two accounts have one address.
-- squawk-ignore require-concurrent-index-creation
create unique index users_account_email_key on users ((lower(email collate "C") collate "default")) where not is_guest;
-- squawk-ignore require-concurrent-index-creation
create index users_guest_email_idx on users ((lower(email collate "C") collate "default")) where is_guest;
-- squawk-ignore require-concurrent-index-deletion
drop index users_normal_email_key;

-- migrate:down
-- Without guests, an address belongs to one person.
update users set email = format('guest-%s@stallwright.invalid', id) where is_guest;
create unique index users_normal_email_key on users ((lower(email collate "C") collate "default"));
drop index users_guest_email_idx;
drop index users_account_email_key;
