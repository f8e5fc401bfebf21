-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table payment_events validate constraint payment_events_outcome_fits_its_kind;

-- migrate:down
-- A validated constraint needs no way back.
select;
