-- Before use_token, so that a wrong token costs no password hash. The reset of a password needs the token's own address.
create or replace function find_token_owner(token_hash bytea, purpose text)
returns table (user_id bigint, email text, display_name text)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  return query
    select u.id, u.email, u.display_name
    from user_tokens t join users u on u.id = t.user_id
    where t.token_hash = find_token_owner.token_hash and t.purpose = find_token_owner.purpose
      and t.used_at is null and t.expires_at > clock_timestamp();
  if not found then
    perform refuse_token();
  end if;
end;
$$;
comment on function find_token_owner(bytea, text) is 'Returns the person of a token that works, and leaves it unused. SWINV.';
