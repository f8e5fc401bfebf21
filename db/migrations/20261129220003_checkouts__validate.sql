-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table checkouts validate constraint checkouts_fingerprint_has_16_bytes;

-- migrate:down
-- A validated constraint needs no way back.
select;
