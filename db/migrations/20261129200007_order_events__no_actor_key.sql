-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- Dropping a foreign key also locks the table that it refers to. Locked in the order of the calls (db/README.md).
lock table users, order_events in access exclusive mode;
-- tg_users__keep_actors refuses to delete an actor instead. Every sale wrote six entries of this index, which no query reads.
alter table order_events drop constraint order_events_actor_id_fkey;
-- squawk-ignore require-concurrent-index-deletion
drop index order_events_actor_id_idx;

-- migrate:down
create index order_events_actor_id_idx on order_events (actor_id);
alter table order_events
  add constraint order_events_actor_id_fkey foreign key (actor_id) references users (id) on delete restrict;
