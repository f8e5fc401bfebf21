create or replace function refuse_guest(user_id bigint) returns void
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  if exists (select from users u where u.id = refuse_guest.user_id and u.is_guest) then
    raise exception using errcode = 'SWVFY', message = 'A guest cannot do this. Register an account with the same e-mail first.';
  end if;
end;
$$;
comment on function refuse_guest(bigint) is 'Refuses what needs an account. SWVFY: the person is a guest.';
