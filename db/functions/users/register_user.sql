-- The unique index decides between concurrent registrations of one e-mail.
create or replace function register_user(email text, password text, display_name text)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return query
    insert into users as u (email, password, display_name)
    values (register_user.email, register_user.password, register_user.display_name)
    on conflict do nothing
    returning u.id, user_json(u);
  if not found then
    raise exception using errcode = 'SWEML', message = 'This e-mail already has an account.';
  end if;
end;
$$;
comment on function register_user(text, text, text) is
  'Registers a user. password is the argon2id hash. SWEML: the e-mail is taken.';
