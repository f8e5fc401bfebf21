-- migrate:up
-- On its own: the scan of the table lets readers and writers go on.
set local lock_timeout = '2s';
set local statement_timeout = '10min';
alter table reviews validate constraint reviews_reply_has_a_sane_length;
alter table reviews validate constraint reviews_reply_has_a_time;

-- migrate:down
select 'nothing to undo: a constraint stays validated';
