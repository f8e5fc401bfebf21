-- The token went to the address that the account has now: an older address proves nothing.
-- Locks: the person (use_token), then their sessions, then like adopt_guest_orders.
create or replace function reset_password(token_hash bytea, new_password text) returns table (user_id bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_token user_tokens := use_token(token_hash, 'reset_password');
begin
  -- Never proved until now: another person can have registered the address, to share the account.
  if exists (select from users u where u.id = v_token.user_id and u.email_verified_at is null) then
    delete from second_factors f where f.user_id = v_token.user_id;
    delete from addresses a where a.user_id = v_token.user_id;
  end if;
  update users u set password = reset_password.new_password where u.id = v_token.user_id and u.email = v_token.email;
  if not found then
    perform refuse_token();
  end if;
  perform end_tokens(v_token.user_id);
  perform prove_address(v_token.user_id);
  delete from sessions s where s.user_id = v_token.user_id;
  perform write_mail('password_changed', v_token.user_id);
  return query select v_token.user_id;
end;
$$;
comment on function reset_password(bytea, text) is
  'Sets a new password, as an argon2id hash, with a mailed token. Ends all sessions of the account and mails its owner. SWINV: the '
  'token.';
