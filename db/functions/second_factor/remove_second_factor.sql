-- verified_password: see change_password. factor_step, code_hash: see use_second_factor.
create or replace function remove_second_factor(user_id bigint, verified_password text, factor_step bigint, code_hash bytea)
returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform check_own_password(remove_second_factor.user_id, remove_second_factor.verified_password);
  if not exists (select from second_factors f where f.user_id = remove_second_factor.user_id and f.confirmed_at is not null) then
    raise exception using errcode = 'SWNTF', message = 'The account has no second factor.';
  end if;
  if not use_second_factor(remove_second_factor.user_id, remove_second_factor.factor_step, remove_second_factor.code_hash) then
    raise exception using errcode = 'SWINV', detail = '{"field": "code"}',
      message = 'must be the current code of the authenticator app, or an unused recovery code';
  end if;
  delete from second_factors f where f.user_id = remove_second_factor.user_id;
  perform write_mail('second_factor_removed', remove_second_factor.user_id);
end;
$$;
comment on function remove_second_factor(bigint, text, bigint, bytea) is
  'Removes a confirmed second factor with its recovery codes, and mails the owner. SWNTF: the account has none. SWINV: the '
  'password was changed meanwhile, or the code is wrong or was used.';
