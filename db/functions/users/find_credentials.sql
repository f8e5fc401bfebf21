-- Always one row, so that known and unknown e-mails take the same steps. One of two functions that return a password hash. If the
-- role stallwright_auth exists, no other role of the service can call them. Security definer.
create or replace function find_credentials(email text, address_hash bytea default null)
returns table (id bigint, password text, account text, is_known_address boolean, factor_secret bytea)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select u.id, u.password, asked.account, exists (
    select from sign_in_addresses a
    where a.user_id = u.id and a.address_hash = find_credentials.address_hash and a.last_signed_in_at > now() - interval '30 days'
  ), f.secret
  from (select normal_email(find_credentials.email) as account) asked
  left join users u on normal_email(u.email) = asked.account and not u.is_guest
  left join second_factors f on f.user_id = u.id
$$;
comment on function find_credentials(text, bytea) is
  'Returns the password hash for a sign-in, the e-mail''s normal form, and whether the account signed in from this address '
  'within 30 days, and the secret of its authenticator app, if any. The id is null for an unknown e-mail.';
