-- Replaces a second factor that was never confirmed. verified_password: see change_password. recovery_code_hashes: the SHA-256 of
-- each code, in hexadecimal digits.
create or replace function begin_second_factor(
  user_id bigint, verified_password text, secret bytea, recovery_code_hashes text[]
)
returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform check_own_password(begin_second_factor.user_id, begin_second_factor.verified_password);
  if exists (select from second_factors f where f.user_id = begin_second_factor.user_id and f.confirmed_at is not null) then
    raise exception using errcode = 'SWFEX',
      message = 'The account has a second factor. Remove it first, with a code of it.';
  end if;
  delete from second_factors f where f.user_id = begin_second_factor.user_id;
  insert into second_factors (user_id, secret) values (begin_second_factor.user_id, begin_second_factor.secret);
  insert into recovery_codes (user_id, code_hash)
  select begin_second_factor.user_id, decode(unnest(begin_second_factor.recovery_code_hashes), 'hex');
end;
$$;
comment on function begin_second_factor(bigint, text, bytea, text[]) is
  'Stores a second factor that does not count until confirm_second_factor, with its recovery codes. SWINV: the password was '
  'changed meanwhile. SWFEX: there is a confirmed one.';
