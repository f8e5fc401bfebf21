-- Before any product: the global order. Adds of one buyer queue here, so that each counts what the ones before it wrote.
create or replace function lock_buyer(user_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select from users u where u.id = lock_buyer.user_id for no key update
$$;
comment on function lock_buyer(bigint) is 'Locks a buyer, so that what is counted in their cart stays so.';
