-- migrate:up
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
alter table orders add column if not exists released_at timestamptz;
comment on column orders.released_at is 'When the earnings of the order became available to its shop; null before.';

-- migrate:down
-- The trigger is of the column. The next deploy makes it again.
drop trigger if exists orders__refuse_held_release on orders;
alter table orders drop column released_at;
