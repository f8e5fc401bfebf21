-- Locks the person first, so that two tokens of one person cannot wait for each other. The person's other tokens of the purpose
-- for the same address stop working, too: those of repeated mails and attempts.
create or replace function use_token(token_hash bytea, purpose text) returns user_tokens
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_token user_tokens;
begin
  select t.* into v_token from user_tokens t where t.token_hash = use_token.token_hash and t.purpose = use_token.purpose;
  perform lock_buyer(v_token.user_id);
  update user_tokens t set used_at = clock_timestamp()
  where t.token_hash = use_token.token_hash and t.purpose = use_token.purpose
    and t.used_at is null and t.expires_at > clock_timestamp()
  returning t.* into v_token;
  if not found then
    perform refuse_token();
  end if;
  update user_tokens t set used_at = clock_timestamp()
  where t.user_id = v_token.user_id and t.purpose = v_token.purpose and t.email = v_token.email and t.used_at is null;
  return v_token;
end;
$$;
comment on function use_token(bytea, text) is
  'Uses up a mailed token and the others of its person, purpose and address. Returns it. SWINV: it does not work.';
