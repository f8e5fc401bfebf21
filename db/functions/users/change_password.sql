-- verified_password is the hash that the current password was found to match. It must still be the stored one: of two changes
-- at once, the second waits for the row and then finds another hash. start_session takes the same row, so that a session made
-- with the old password is either there to be ended or never begins.
-- Raises SWINV (the current password is another one by now).
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
  return query
    delete from sessions s
    where s.user_id = change_password.user_id and s.token_hash <> change_password.token_hash
    returning s.token_hash;
end;
$$;
comment on function change_password(bigint, text, text, bytea) is
  'Gives a person another password, both as argon2id hashes, and ends all their sessions but the one of token_hash; returns which. SWINV: the password was changed meanwhile.';
