-- One of two functions that return a password hash. If the role stallwright_auth exists, no other role of the service can call
-- them. Security definer.
create or replace function show_own_credentials(user_id bigint)
returns table (email text, password text, account text, display_name text)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select u.email, u.password, normal_email(u.email), u.display_name from users u where u.id = show_own_credentials.user_id
$$;
comment on function show_own_credentials(bigint) is
  'Returns what a password change needs: the current hash, and the e-mail and name that the new password must not be.';
