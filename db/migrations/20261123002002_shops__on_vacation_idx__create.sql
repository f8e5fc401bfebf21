-- migrate:up
-- Not concurrently: that waits for every open snapshot, among them that of a process that waits for its turn to migrate.
-- The predicate is true of no row yet, so that the index is one read of a small table.
-- squawk-ignore require-concurrent-index-creation
create index shops_on_vacation_idx on shops (id) where is_on_vacation;

-- migrate:down
drop index shops_on_vacation_idx;
