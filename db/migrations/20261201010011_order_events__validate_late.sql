-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table order_events validate constraint order_events_change_is_known;

-- migrate:down
-- A validated constraint needs no way back.
select;
