-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table payments validate constraint payments_next_action_has_a_type;
alter table payments validate constraint payments_next_action_belongs_to_requires_action;
alter table payments validate constraint payments_status_is_one_of_seven;

-- migrate:down
-- A validated constraint needs no way back.
select;
