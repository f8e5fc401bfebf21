-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '1min';
-- Built before the old index goes, so that no moment lets two accounts have one address.
create unique index users_account_email_key on users ((lower(email collate "C") collate "default")) where not is_guest;
create index users_guest_email_idx on users ((lower(email collate "C") collate "default")) where is_guest;
drop index users_normal_email_key;

-- migrate:down
create unique index users_normal_email_key on users ((lower(email collate "C") collate "default"));
drop index users_guest_email_idx;
drop index users_account_email_key;
