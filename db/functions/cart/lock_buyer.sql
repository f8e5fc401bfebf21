-- Precedes every product in the global lock order. Concurrent adds of a buyer queue here, so that each counts the earlier ones.
create or replace function lock_buyer(user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform from users u where u.id = lock_buyer.user_id for no key update;
end;
$$;
comment on function lock_buyer(bigint) is 'Locks a buyer, so that the counts of the cart stay correct.';
