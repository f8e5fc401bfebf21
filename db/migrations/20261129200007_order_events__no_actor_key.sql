-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- An actor is the buyer or the owner of the shop (lock_order), whom checkouts and shops refer to. Every sale wrote six entries of
-- this index, which no query reads.
alter table order_events drop constraint order_events_actor_id_fkey;
-- squawk-ignore require-concurrent-index-deletion
drop index order_events_actor_id_idx;

-- migrate:down
create index order_events_actor_id_idx on order_events (actor_id);
alter table order_events
  add constraint order_events_actor_id_fkey foreign key (actor_id) references users (id) on delete restrict;
