-- factor_step is the time step of which TypeScript found the code to be the TOTP (null: no step); code_hash the SHA-256 of the
-- code, in case it is a recovery code. Each update takes its row, so concurrent calls with one code use it once.
create or replace function use_second_factor(user_id bigint, factor_step bigint, code_hash bytea) returns boolean
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update second_factors f set last_step = use_second_factor.factor_step
  where f.user_id = use_second_factor.user_id and f.confirmed_at is not null and f.last_step < use_second_factor.factor_step;
  if found then
    return true;
  end if;
  update recovery_codes r set used_at = clock_timestamp()
  from second_factors f
  where r.user_id = use_second_factor.user_id and r.code_hash = use_second_factor.code_hash and r.used_at is null
    and f.user_id = r.user_id and f.confirmed_at is not null;
  return found;
end;
$$;
comment on function use_second_factor(bigint, bigint, bytea) is
  'Uses up a code of a confirmed second factor, or a recovery code. Returns false if the code is wrong or was used.';
