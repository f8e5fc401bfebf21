-- migrate:up
-- As with orders: no row is read or moved.
set local lock_timeout = '500ms';
set local statement_timeout = '5s';
lock table order_events in access exclusive mode;
-- Whoever names it gets the new one, which is there when this commits.
-- squawk-ignore renaming-table
alter table order_events rename to order_events_undated;
alter table order_events_undated drop constraint order_events_pkey;
alter table order_events_undated add constraint order_events_undated_pkey primary key using index order_events_order_id_id_key;
-- squawk-ignore require-concurrent-index-deletion
drop index order_events_order_id_idx;
alter index order_events_actor_id_idx rename to order_events_undated_actor_id_idx;
alter index order_events_paid_created_at_idx rename to order_events_undated_paid_created_at_idx;
comment on table order_events_undated is 'The events of orders_undated.';
-- The number goes on. An identity would differ between PostgreSQL 16, whose partitions have none, and 17, whose partitions must.
do $$
declare
  v_next bigint;
begin
  select coalesce(s.last_value + 1, 1) into v_next from pg_sequences s
  where s.schemaname = 'public' and s.sequencename = 'order_events_id_seq';
  alter table order_events_undated alter id drop identity;
  execute format('create sequence order_events_id_seq start %s', v_next);
end;
$$;

create table order_events (
  id bigint not null default nextval('order_events_id_seq'),
  order_id bigint not null,
  status text not null,
  actor_id bigint,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (order_id, id),
  constraint order_events_order_id_fkey foreign key (order_id) references orders (id) on delete restrict,
  constraint order_events_actor_id_fkey foreign key (actor_id) references users (id) on delete restrict,
  constraint order_events_status_is_known
    check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'))
) partition by range (order_id);
alter sequence order_events_id_seq owned by order_events.id;
create index order_events_actor_id_idx on order_events (actor_id);
create index order_events_paid_created_at_idx on order_events (created_at) where status = 'paid';
comment on table order_events is
  'The audit trail: each status an order took, by whom, with what. Append-only: the database refuses update and delete. A partition a month of the order.';
comment on column order_events.actor_id is 'Who moved the order; null where the payment did.';
comment on column order_events.detail is 'What the move brought with it: the tracking at shipped, the amount at refunded.';

create trigger order_events__refuse_change before update or delete or truncate on order_events
  for each statement execute function tg__refuse_change();

do $$
begin
  execute format(
    'alter table order_events attach partition order_events_undated for values from (minvalue) to (%s)',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders_undated o)
  );
end;
$$;
alter table order_events_undated drop constraint order_events_order_id_is_undated;

select create_partition('order_events', to_date(right(p.relname, 6), 'YYYYMM'))
from pg_inherits i join pg_class p on p.oid = i.inhrelid
where i.inhparent = 'orders'::regclass and p.relname ~ '_\d{6}$'
order by p.relname;

-- migrate:down
set local lock_timeout = '500ms';
lock table order_events in access exclusive mode;
alter table order_events detach partition order_events_undated;
alter table order_events rename to order_events_of_months;
insert into order_events_undated select * from order_events_of_months;
do $$
declare
  v_next bigint := nextval('order_events_id_seq');
begin
  drop table order_events_of_months;
  alter table order_events_undated rename to order_events;
  alter table order_events alter id add generated always as identity;
  perform setval('order_events_id_seq', v_next, false);
  execute format(
    'alter table order_events add constraint order_events_order_id_is_undated check (order_id < %s)',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders o)
  );
end;
$$;
alter index order_events_undated_pkey rename to order_events_order_id_id_key;
create index order_events_order_id_idx on order_events (order_id, id);
alter table order_events drop constraint order_events_order_id_id_key;
alter table order_events add constraint order_events_pkey primary key (id);
create unique index order_events_order_id_id_key on order_events (order_id, id);
alter index order_events_undated_actor_id_idx rename to order_events_actor_id_idx;
alter index order_events_undated_paid_created_at_idx rename to order_events_paid_created_at_idx;
comment on table order_events is 'The audit trail: each status an order took, by whom, with what. Append-only: the database refuses update and delete.';
