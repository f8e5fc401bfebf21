-- verified_password is the stored hash that the current password matched. It must still be the stored hash: the second of two
-- concurrent changes waits for the row and finds another one. start_session locks the same row, so that a session with the old
-- password either exists and ends, or never starts.
create or replace function change_password(user_id bigint, verified_password text, new_password text, token_hash bytea)
returns table (ended_token_hash bytea)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update users u set password = change_password.new_password
  where u.id = change_password.user_id and u.password = change_password.verified_password;
  if not found then
    raise exception using errcode = 'SWINV', message = 'must be the current password', detail = '{"field": "current_password"}';
  end if;
  perform end_tokens(change_password.user_id);
  perform write_mail('password_changed', change_password.user_id);
  return query
    delete from sessions s
    where s.user_id = change_password.user_id and s.token_hash <> change_password.token_hash
    returning s.token_hash;
end;
$$;
comment on function change_password(bigint, text, text, bytea) is
  'Sets a new password, as an argon2id hash, and ends all sessions of the user except that of token_hash. Returns the ended '
  'ones, and mails the owner. SWINV: the password was changed meanwhile.';
