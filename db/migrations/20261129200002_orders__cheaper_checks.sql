-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- Dropping a foreign key also locks the table that it refers to. Locked in the order of the calls (db/README.md).
lock table users, orders in access exclusive mode;
-- The month as text is a third of the text of two extracts, which PostgreSQL parsed in each statement that writes an order. The
-- buyer of an order is the buyer of its checkout (orders_checkout_id_buyer_id_fkey), who is a user.
alter table orders
  drop constraint orders_buyer_id_fkey,
  drop constraint orders_id_is_of_the_month_it_was_made,
  add constraint orders_id_is_of_the_month_it_was_made check (
    id / 1000000000 = to_char(created_at at time zone 'UTC', 'YYYYMM')::bigint
  ) not valid;
create or replace function next_dated_id(ids regclass) returns bigint language plpgsql volatile security definer
set search_path = public, pg_temp as $$
begin
  return to_char(now() at time zone 'UTC', 'YYYYMM')::bigint * 1000000000 + nextval(ids);
end;
$$;

-- migrate:down
create or replace function next_dated_id(ids regclass) returns bigint language plpgsql volatile security definer
set search_path = public, pg_temp as $$
begin
  return (extract(year from now() at time zone 'UTC') * 100 + extract(month from now() at time zone 'UTC'))::bigint * 1000000000
    + nextval(ids);
end;
$$;
alter table orders
  drop constraint orders_id_is_of_the_month_it_was_made,
  add constraint orders_id_is_of_the_month_it_was_made check (
    id / 1000000000
      = (extract(year from created_at at time zone 'UTC') * 100 + extract(month from created_at at time zone 'UTC'))::bigint
  ),
  add constraint orders_buyer_id_fkey foreign key (buyer_id) references users (id) on delete restrict;
