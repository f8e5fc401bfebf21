-- migrate:up
-- The first of the steps that make orders, their items and their events partitioned tables without rewriting a row (ADR 18): what
-- stands becomes the first partition, and what that takes is stated here and validated later, while people buy.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table orders
  -- Both ids carry their month, and both are made by one transaction: so all orders of a checkout are in one partition.
  add constraint orders_id_is_of_the_month_of_its_checkout check (id / 1000000000 = checkout_id / 1000000000) not valid,
  -- Who looks for a time may look for ids. Ids from before this carry no month.
  add constraint orders_id_is_of_the_month_it_was_made check (
    id < 1000000000 or id / 1000000000
      = (extract(year from created_at at time zone 'UTC') * 100 + extract(month from created_at at time zone 'UTC'))::bigint
  ) not valid;
-- Ids above 10^9 are there already where this was undone and is done again.
do $$
begin
  execute format(
    'alter table orders add constraint orders_id_is_undated check (id < %s) not valid',
    (select coalesce(max(o.id) / 1000000000 + 1, 1) * 1000000000 from orders o)
  );
end;
$$;

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table orders
  drop constraint orders_id_is_undated,
  drop constraint orders_id_is_of_the_month_it_was_made,
  drop constraint orders_id_is_of_the_month_of_its_checkout;
