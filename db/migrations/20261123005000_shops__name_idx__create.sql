-- migrate:up
-- Suggestions look for shops by how their names begin, one slip forgiven.
set local lock_timeout = '2s';
-- squawk-ignore require-concurrent-index-creation
create index shops_name_trigrams_idx on shops using gin (lower(name) gin_trgm_ops);

-- migrate:down
set local lock_timeout = '2s';
drop index shops_name_trigrams_idx;
