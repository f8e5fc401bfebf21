-- The unique index decides between concurrent registrations of one e-mail.
create or replace function register_user(email text, password text, display_name text, locale text default null)
returns table (id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
begin
  insert into users as u (email, password, display_name, locale, email_verified_at)
  values (
    register_user.email, register_user.password, register_user.display_name, coalesce(register_user.locale, 'en'), null
  )
  on conflict do nothing
  returning u.* into v_user;
  if not found then
    raise exception using errcode = 'SWEML', message = 'This e-mail already has an account.';
  end if;
  perform write_mail('verify_email', v_user.id);
  return query select v_user.id, user_json(v_user);
end;
$$;
comment on function register_user(text, text, text, text) is
  'Registers a user, and mails a link that proves the address. password is the argon2id hash, locale the language of mails. '
  'SWEML: the e-mail is taken.';
