-- migrate:up
-- One account has one normal form of its e-mail: normal_email(). It changes the case of ASCII letters only, which is the same in
-- every collation and in every language. The index of before, users_email_key, stays until no process of the version before runs.
-- Not concurrently: that waits for every open snapshot, among them that of a process that waits for its turn to migrate. Where
-- there are millions of accounts, build it beforehand, concurrently, by this name.
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create unique index if not exists users_normal_email_key on users ((lower(email collate "C") collate "default"));

-- migrate:down
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-deletion
drop index users_normal_email_key;
