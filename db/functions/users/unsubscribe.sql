-- Can be repeated: a mail client sends it once more if it is not sure.
create or replace function unsubscribe(token_hash bytea) returns table (locale text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  return query
    update users u set receives_notices = false
    from user_tokens t
    where t.token_hash = unsubscribe.token_hash and t.purpose = 'unsubscribe' and t.expires_at > clock_timestamp()
      and u.id = t.user_id
    returning u.locale;
  if not found then
    perform refuse_token();
  end if;
end;
$$;
comment on function unsubscribe(bytea) is 'Ends the notices to the person of a mailed token. SWINV: it does not work.';
