-- migrate:up
-- A process that cannot reach Redis is to the others what one with a cache of its own is: they do not hear what it changes.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table processes add column is_unheard boolean not null default false;
comment on table processes is 'The running API processes: what one of them keeps counts only while it hears of all that the others change.';
comment on column processes.is_unheard is 'It could not say in Redis what it changed, and has not made that good yet.';

-- migrate:down
alter table processes drop column is_unheard;
comment on table processes is 'The running API processes: one that caches for itself may do so only while it is alone.';
