-- One of two functions that show a password's hash: the API can read it in no other way. The owner's rights.
create or replace function show_own_credentials(user_id bigint) returns table (email text, password text)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select u.email, u.password from users u where u.id = show_own_credentials.user_id
$$;
comment on function show_own_credentials(bigint) is 'What checking somebody''s current password needs.';
