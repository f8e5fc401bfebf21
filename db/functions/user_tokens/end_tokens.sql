-- After a change of the password or the address: what was asked for before, perhaps by another person, must not undo it. So no
-- token works that sets a password or went to another address than the account's, and no mail that would bring one is sent.
create or replace function end_tokens(user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_email constant text := (select u.email from users u where u.id = end_tokens.user_id);
begin
  update user_tokens t set used_at = clock_timestamp(), expires_at = least(t.expires_at, clock_timestamp())
  where t.user_id = end_tokens.user_id and t.used_at is null and (t.purpose = 'reset_password' or t.email <> v_email);
  update mails m set status = 'dropped'
  from mail_kinds() k
  where m.user_id = end_tokens.user_id and m.status = 'pending' and k.kind = m.kind
    and (k.token_purpose = 'reset_password' or k.token_purpose is not null and m.email <> v_email);
end;
$$;
comment on function end_tokens(bigint) is
  'Ends a person''s tokens that set a password or went to another address than the account''s.';
