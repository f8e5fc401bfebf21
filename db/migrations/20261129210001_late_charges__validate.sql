-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table late_charges validate constraint late_charges_failures_is_not_negative;
alter table late_charges validate constraint late_charges_status_is_one_of_four;

-- migrate:down
-- A validated constraint needs no way back.
select;
