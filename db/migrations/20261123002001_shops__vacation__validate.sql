-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '30s';
alter table shops validate constraint shops_vacation_message_has_a_sane_length;

-- migrate:down
select 'nothing to undo: a constraint stays validated';
