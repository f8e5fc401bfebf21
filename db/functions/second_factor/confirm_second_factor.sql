-- factor_step: the time step of which the code is the TOTP, or null for a wrong code. The code counts as used.
create or replace function confirm_second_factor(user_id bigint, factor_step bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform lock_buyer(confirm_second_factor.user_id);
  if not exists (select from second_factors f where f.user_id = confirm_second_factor.user_id and f.confirmed_at is null) then
    raise exception using errcode = 'SWNTF',
      message = 'No second factor waits for a code. Begin with POST /v1/me/second-factor.';
  end if;
  if confirm_second_factor.factor_step is null then
    raise exception using errcode = 'SWINV', detail = '{"field": "code"}',
      message = 'must be the current code of the authenticator app';
  end if;
  update second_factors f
  set confirmed_at = clock_timestamp(), last_step = confirm_second_factor.factor_step
  where f.user_id = confirm_second_factor.user_id;
  perform write_mail('second_factor_added', confirm_second_factor.user_id);
end;
$$;
comment on function confirm_second_factor(bigint, bigint) is
  'Makes a second factor count from the next sign-in on, and mails the owner. SWNTF: none waits. SWINV: the code is wrong.';
