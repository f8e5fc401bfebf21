create or replace function check_second_factor(user_id bigint, factor_step bigint, code_hash bytea) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if not exists (
    select from second_factors f where f.user_id = check_second_factor.user_id and f.confirmed_at is not null
  ) then
    return;
  end if;
  if check_second_factor.code_hash is null then
    raise exception using errcode = 'SWFAC',
      message = 'This account has a second factor. Send the code of its authenticator app, or a recovery code, in code.';
  end if;
  if not use_second_factor(check_second_factor.user_id, check_second_factor.factor_step, check_second_factor.code_hash) then
    raise exception using errcode = 'SWCRD',
      message = 'The code is wrong, has expired or was used before. Wait for the next one.';
  end if;
end;
$$;
comment on function check_second_factor(bigint, bigint, bytea) is
  'Uses up the code of an account with a confirmed second factor. SWFAC: the code is missing. SWCRD: the code is wrong or was '
  'used.';
