-- One of two functions that show a password's hash: the API can read it in no other way. The owner's rights.
create or replace function find_credentials(email text) returns table (id bigint, password text)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select u.id, u.password from users u where lower(u.email) = lower(find_credentials.email)
$$;
comment on function find_credentials(text) is 'What signing in compares a password with; no row for an unknown e-mail.';
