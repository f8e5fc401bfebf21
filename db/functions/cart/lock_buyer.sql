-- Precedes every product in the global lock order. Concurrent adds of a buyer queue here, so that each counts the earlier ones. A
-- call that was under way when its account was deleted changes nothing. A null or unknown id locks nothing.
create or replace function lock_buyer(user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_is_erased boolean;
begin
  select u.erased_at is not null into v_is_erased from users u where u.id = lock_buyer.user_id for no key update;
  if v_is_erased then
    raise exception using errcode = 'SWNTF', message = 'This account was deleted.';
  end if;
end;
$$;
comment on function lock_buyer(bigint) is
  'Locks a person, so that the counts of the cart stay correct. SWNTF: the account was deleted.';
