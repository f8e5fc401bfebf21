create or replace function refuse_erased(user_id bigint) returns void
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  if exists (select from users u where u.id = refuse_erased.user_id and u.erased_at is not null) then
    raise exception using errcode = 'SWNTF', message = 'This account was deleted.';
  end if;
end;
$$;
comment on function refuse_erased(bigint) is 'Refuses a call that was running when its account was deleted. SWNTF.';
