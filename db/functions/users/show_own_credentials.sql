-- One of two functions that return a password hash. If the role stallwright_auth exists, no other role of the service can call
-- them. Security definer.
create or replace function show_own_credentials(user_id bigint)
returns table (email text, password text, account text, display_name text, factor_secret bytea)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select u.email, u.password, normal_email(u.email), u.display_name, f.secret
  from users u left join second_factors f on f.user_id = u.id
  where u.id = show_own_credentials.user_id
$$;
comment on function show_own_credentials(bigint) is
  'Returns what a password change needs: the current hash, and the e-mail and name that the new password must not '
  'be; and the secret of the authenticator app, if any.';
