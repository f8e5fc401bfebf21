-- Each call makes another guest, so that a stranger who knows an address sees no cart and no order of it. Guests of one address
-- become one account when an account proves the address (adopt_guest_orders).
create or replace function start_guest_session(
  email text, token_hash bytea, ttl_s integer, device text default null, locale text default null
)
returns table (expires_at text, user_body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_user users;
begin
  insert into users as u (email, password, display_name, is_guest, locale, email_verified_at)
  values (start_guest_session.email, '*', 'Guest', true, coalesce(start_guest_session.locale, 'en'), null)
  returning u.* into v_user;
  return query
    select to_rfc3339(s.expires_at), user_json(v_user)
    from open_session(
      v_user.id, start_guest_session.token_hash, start_guest_session.ttl_s, start_guest_session.device
    ) s;
end;
$$;
comment on function start_guest_session(text, bytea, integer, text, text) is
  'Makes a guest, and starts the guest''s only session, of ttl_s seconds at most. token_hash is the SHA-256 of the token, locale the '
  'language of mails. SWINV.';
